"""Rules are kept, disabled and deleted like anything else; plan and validate say what is newer."""

import pytest

from kinds.laws.oracle import look

RULES = """\
id_token_claims:
  rules:
    enrich: {script: "function (user, context, callback) {}", enabled: false}
"""


def test_plan_and_validate_say_what_replaced_a_declared_rule(project):
    (project.root / "tenants/hearthhollow/phase1/old.yaml").write_text(RULES)
    said = project.ok("validate", "dev")
    assert "rules are legacy: Actions with the trigger post-login replaced them" in said.err
    assert "1 warning in the files." in said.err
    shown = project.ok("plan", "dev").out
    note = "rules (1 declared) are legacy: Actions with the trigger post-login replaced them"
    assert note in " ".join(shown.split())


@pytest.mark.thorough
def test_a_rule_that_is_no_longer_declared_is_deleted(project):
    file = project.root / "tenants/hearthhollow/phase1/old.yaml"
    file.write_text(RULES)
    project.ok("apply", "dev", "--yes")
    file.unlink()
    shown = project.ok("plan", "dev").out
    assert "rules.enrich" in shown
    project.ok("apply", "dev", "--yes")
    with project.sandbox() as sandbox:
        assert not [row for row in look(sandbox).documents if row[0] == "rules"]
