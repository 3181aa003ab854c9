# ruff: noqa: E501 - one fault a line is a table
"""`make sabotage`: deliberate faults, each of which a test has to notice.

Every fault is applied to a copy of the package, and the tests that stand beside it are run against
the copy. A fault that survives is a missing test, and tests that fail without it show nothing.
Prints one line a fault; exit 1 unless all are caught.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIMIT = 300
"""Seconds that the tests of one fault may take; a fault that hangs them is noticed."""

COPIED = (
    "src",
    "tests",
    "tenants",
    "environments",
    "schemas",
    "tools",
    "benchmarks",
    "docs",
    ".github",
    "pyproject.toml",
    "README.md",
    "Makefile",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Replace *old*, which stands once in *file*, by *new*; *tests* have to notice."""

    file: str
    old: str
    new: str
    tests: str


FAULTS = (
    Fault("model/scrub.py", "looked = at + (len(form) or 1)", "looked = at + (len(form) or len(found[0]))", "tests/model/test_scrub.py"),
    Fault("model/scrub.py", "for form in sorted(names, key=len, reverse=True):", "for form in sorted(names, key=len):", "tests/model/test_scrub.py"),
    Fault("sandbox/wire.py", 'if name.startswith("{") and part:', 'if name.startswith("{"):', "tests/sandbox/test_routes.py"),
    Fault("kinds/kind.py", 'rule.at[:1] in {head, ("*",), ("**",)}', 'rule.at[:1] in {head, ("*",)}', "tests/kinds/test_rules.py"),
    Fault("kinds/faults.py", "if not document and not complete:", "if not document:", "tests/kinds/test_rules.py"),
    Fault("report/redact.py", "if all(map(is_, items, value))", "if any(map(is_, items, value))", "tests/report/test_safety.py"),
    Fault("cli/terminal.py", "|#(?=#(?:vso|teamcity)?\\[)", "|#(?=#(?:teamcity)\\[)", "tests/report/test_runners.py"),
    Fault("engine/risk.py", "            return _Leaf((), ABSENT, after.fields)", "            return None", "tests/engine/test_risk.py"),
    Fault("report/applied.py", "return event.outcome or Outcome(UNKNOWN,", "return event.outcome or Outcome(NOT_BEGUN,", "tests/report/test_applied.py"),
    Fault("report/markdown.py", "max(0, used + room))", "max(0, used))", "tests/report/test_sinks.py"),
    Fault("cli/running.py", "    project.observe(plan)\n    refuse(plan)", "    refuse(plan)", "tests/events/test_reported.py"),
    Fault("sandbox/store.py", "if isinstance(error, sqlite3.OperationalError):", "if False:", "tests/e2e/test_first_hour.py"),
    Fault("cli/terminal.py", 'stream.reconfigure(errors="backslashreplace")', "pass", "tests/e2e/test_first_hour.py"),
    Fault("workflows/bootstrap.py", "by_secret = found is not None and found.private_key is None", "by_secret = False", "tests/doctor/test_bootstrap.py"),
    Fault("files/load.py", "if not (file.environment.kind or file.environment.domain):", "if False:", "tests/files/test_bad_inputs.py"),
    Fault("ledger/remote.py", "os.killpg(process.pid, signal.SIGKILL)", "process.kill()", "tests/sharing/test_branch.py"),
    Fault("ledger/remote.py", 'if said.code and "safe.directory" in said.talk:', "if False:", "tests/sharing/test_branch.py"),
    Fault("ledger/branch.py", "if shelf.renewed and most is not None:", "if False:", "tests/sharing/test_branch.py"),
    Fault("workflows/apply.py", "if halted.is_set() or fatal:", "if (halted.is_set() and walk.outcomes) or fatal:", "tests/sharing/test_command_line.py"),
    Fault("ledger/shelves.py", "if why := _strange(record):", 'if why := "":', "tests/sharing/test_hostile.py"),
    Fault("../../.github/actions/scripts/runner.py", "    with unheeded():\n        print(text, flush=True)", "    print(text, flush=True)", "tests/ci/test_reading_actions.py"),
    Fault("../../.github/actions/apply/action.yml", "run: exec python3", "run: python3", "tests/ci/test_actions.py"),
    Fault("../../.github/actions/scripts/plan.py", 'due=counted["changes"] or not _recorded(', 'due=counted["changes"] and not _recorded(', "tests/ci/test_reading_actions.py"),
    Fault("../../.github/actions/scripts/issue.py", 'if became == "failed" and given("DRIFTED") == "true":', 'if became == "failed" and given("DRIFTED") == "false":', "tests/ci/test_posting.py"),
    Fault("../../.github/workflows/release.yml", "defaults:\n  run:\n    shell: bash\n", "", "tests/ci/test_lint.py"),
    Fault("engine/rollback.py", "on_the_way = bool(left) and not is_whole(there)", "on_the_way = False", "tests/promotion/test_rollback.py"),
    Fault("engine/promotion.py", "return moments == sorted(moments)", "return True", "tests/promotion/test_conditions.py"),
    Fault("engine/edges.py", "if each in settles and each.kind in asked", "if False", "tests/laws/test_holders.py"),
    Fault("cli/planning.py", "return plan if plan.commit else replace(plan, commit=commit_of(project.root))", "return plan", "tests/promotion/test_promote.py"),
    Fault("workflows/rollback.py", "if had else plan", "", "tests/promotion/test_rollback.py"),
    Fault("drafts/edit_sheet.py", 'if "&" in self._properties(value)[0]:', "if False:", "tests/drafts/test_edit_text.py"),
    Fault("drafts/edit_text.py", 'far = "#" in text[before:start]', "far = False", "tests/drafts/test_edit_text.py"),
    Fault("drafts/edit.py", "yield from ([(address, mine[:middle])], [(address, mine[middle:])])", "return", "tests/drafts/test_edit.py"),
    Fault("workflows/accept.py", 'pairs = [("", before, after), *_elsewhere(root, before, texts)]', 'pairs = [("", before, after)]', "tests/drift/test_accept.py"),
    Fault("workflows/drift.py", " if not _is_other(write, each)", "", "tests/drift/test_table.py"),
    Fault("cli/drifting.py", "replace(project, asked={})", "project", "tests/drift/test_watch.py"),
    Fault("engine/partial.py", 'or receipt.kind != "apply" or not mine', 'or receipt.kind != "apply"', "tests/engine/test_partial.py"),
    Fault("engine/risk.py", "return not _names(before, by) <= _names(after, by)", "return len(after) < len(before)", "tests/engine/test_risk.py"),
    Fault("engine/risk.py", "if before is ABSENT or before is None:", "if False:", "tests/engine/test_risk.py"),
    Fault("engine/reach.py", 'everybody = everybody or _way(user) == "binds"', 'everybody = everybody or _way(user) in {"binds", "everybody"}', "tests/engine/test_risk.py"),
    Fault("report/escape.py", 'kept = HALVED.sub("", text[:limit])', "kept = text[:limit]", "tests/report/test_markdown.py"),
    Fault("report/page.py", "autoescape=True", "autoescape=False", "tests/report/test_sinks.py"),
    Fault("ledger/branch.py", "at = update(branch) if attempt else tip(branch)", "at = tip(branch)", "tests/sharing/test_branch.py"),
    Fault("ledger/shelves.py", "if domain != environment.domain:", "if False:", "tests/sharing/test_hostile.py"),
    Fault("ledger/ledger.py", "if last is None or moment(last) < moment(receipt):", "if True:", "tests/sharing/test_branch.py"),
    Fault("ledger/lease.py", "if there and not (left and left.over(_now())):", "if there and left and not left.over(_now()):", "tests/sharing/test_lease.py"),
    Fault("ledger/signing.py", 'if by != PUBLIC + base64.b64encode(raw).decode("ascii"):', "if False:", "tests/sharing/test_signing.py"),
    Fault("cli/running.py", " or (self.lease is not None and self.lease.over())", "", "tests/sharing/test_command_line.py"),
    Fault("engine/drift.py", "what = DRIFT if _alike(three.lens, applied, desired, path) else CONFLICT", "what = DRIFT", "tests/drift/test_table.py"),
    Fault("engine/drift.py", "worded = live.as_applied.get(address, have)", "worded = have", "tests/drift/test_laws.py"),
    Fault("engine/diff.py", 'mark = recorded or ("", "") if known.as_left else known.mark(value)', "mark = known.mark(value)", "tests/drift/test_table.py"),
    Fault("engine/drift.py", "if not holds(three.lens, one, other, edit.path):", "if True:", "tests/drift/test_table.py"),
    Fault("workflows/prepare.py", "plan = _renamed(plan, live, gateway)", "pass", "tests/drift/test_command.py"),
    Fault("workflows/accept.py", "if each.what == DRIFT and not WILD.isdisjoint(glob):", "if not WILD.isdisjoint(glob):", "tests/drift/test_accept.py"),
    Fault("sandbox/copies.py", 'items = [item for page in pages for item in _items(page["body"], name)]', 'items = _items(pages[0]["body"], name)', "tests/rehearsal/test_copies.py"),
    Fault("sandbox/seeds.py", "if call.tenant.exact and (beside", "if not call.tenant.exact and (beside", "tests/rehearsal/test_copies.py"),
    Fault("workflows/rehearse.py", 'trial = replace(without_known_secrets(plan, known), kind="sandbox")', "trial = without_known_secrets(plan, known)", "tests/rehearsal/test_cases.py"),
    Fault("cli/rehearsing.py", "each.passed and each.digest == sum", "each.passed", "tests/rehearsal/test_command.py"),
    Fault("cli/rehearsing.py", "not trust or ledger.signer(each) in trust", "True", "tests/rehearsal/test_trust.py"),
    Fault("engine/promotion.py", "if index < first[there]}", "if digest != there}", "tests/promotion/test_conditions.py"),
    Fault("engine/promotion.py", "sorted({*promotion.target.phases} - {*receipt.phases})", "sorted({*receipt.phases} - {*promotion.target.phases})", "tests/promotion/test_conditions.py"),
    Fault("engine/residual.py", "alone = only if any(only) else (", "alone = (", "tests/promotion/test_residual.py"),
    Fault("workflows/promote.py", "return not trusted or ledger.signer(receipt) in trusted", "return True", "tests/promotion/test_shared.py"),
    Fault("workflows/former_files.py", "found, looked = _search(root, folder, tenant, digest, commit)", "found, looked = commit, 1", "tests/promotion/test_promote.py"),
    Fault("workflows/apply.py", "    if plan.hotfix:\n", "    if False:\n", "tests/promotion/test_promote.py"),
    Fault("files/load.py", "there = replace(settings, variables=there.variables, secrets=secrets)", "there = there", "tests/promotion/test_promote.py"),
    Fault("cli/promoting.py", "if asked.now is not None and (asked.out is not None or asked.yes):", "if False:", "tests/promotion/test_promote.py"),
    Fault("engine/rollback.py", "and receipt.digest not in left:", ":", "tests/promotion/test_rollback.py"),
    Fault("engine/compare.py", "ways = ((before, after), (after, before))", "ways = ((after, before),)", "tests/diff/test_terms.py"),
    Fault("engine/compare.py", "if terms.live and not terms.keyed:", "if False:", "tests/diff/test_terms.py"),
    Fault("engine/selection.py", "ties[id] |= {main, StepId(id.address, LATE)} & known.keys()", "pass", "tests/diff/test_target.py"),
    Fault("engine/selection.py", "                ties[id].add(other)", "                pass", "tests/diff/test_target.py"),
    Fault("engine/plan.py", "entries[address] = as_far(entries[address], before, left[address])", "pass", "tests/diff/test_target.py"),
    Fault("engine/parity.py", "if not _covers(mine, edit.path) and not only_domain(edit, *domains):", "if not only_domain(edit, *domains):", "tests/diff/test_parity.py"),
    Fault("files/commands.py", "if not permitted(environ):", "if False:", "tests/secrets/test_commands.py"),
    Fault("files/commands.py", "{_plain(scrub(lines[-1]))[:SAID]}", "{scrub(lines[-1])[:SAID]}", "tests/secrets/test_commands.py"),
    Fault("files/commands.py", "_plain(scrub(lines[-1]))", "_plain(lines[-1])", "tests/secrets/test_commands.py"),
    Fault("files/secrets.py", "return {n: source for n, source in found.items() if n in may or source.scheme not in ASKED}", "return found", "tests/secrets/test_who_asks.py"),
    Fault("gateway/session.py", 'path=route.label.removeprefix(f"{route.method} "),', "path=route.path,", "tests/events/test_events.py"),
    Fault("cli/watching.py", "each = [cleaner(vault) for vault in self._vaults]", "each = [cleaner(vault)]", "tests/events/test_watching.py"),
    Fault("gateway/reach.py", "difference = now - (said + 0.5)", "difference = said - now", "tests/doctor/test_doctor.py"),
    Fault("cli/reporting.py", "if path.absolute() in taken:", "if False:", "tests/report/test_reports.py"),
    Fault("workflows/entries.py", "far = as_far(entry, old, [step for step in mine if not outcomes[step.id].done])", "far = entry", "tests/ledger/test_entries.py"),
    Fault("engine/checks.py", "holds = False if failed else None if unknown else True", "holds = not failed", "tests/checks/test_checks.py"),
    Fault("engine/checks.py", "if answer.holds is False and applies.holds is None:", "if False:", "tests/checks/test_checks.py"),
    Fault("engine/checks.py", "here and now <= waiver.expires", "here", "tests/checks/test_checks.py"),
    Fault("engine/checks.py", "if age < 0:", "if False:", "tests/checks/test_checks.py"),
    Fault("engine/checks.py", "if last.until is not None and state.now > last.until:", "if False:", "tests/checks/test_checks.py"),
    Fault("engine/checks.py", "last = max(mine, key=lambda a: a.on)", "last = mine[0]", "tests/checks/test_checks.py"),
    Fault("engine/checks.py", "if not state.adopted.isdisjoint(check.topics)", "if True", "tests/checks/test_checks.py"),
    Fault("engine/checks.py", "vacuous=answer.holds is True and answer.asked > 0 and answer.seen == 0,", "vacuous=False,", "tests/checks/test_checks.py"),
    Fault("engine/predicates.py", "return False if False in answers else None if None in answers else True", "return False not in answers", "tests/checks/test_checks.py"),
    Fault("engine/predicates.py", "return None if answer is None else not answer", "return not answer", "tests/checks/test_checks.py"),
    Fault("engine/predicates.py", 'return f"{name} has it in line {code.count(chr(10), 0, found.start()) + 1}"', 'return f"{name} is {code}"', "tests/checks/test_checks.py"),
    Fault("engine/gates.py", "if n == phase or n in _required(playbook, phase))", "if n == phase)", "tests/engine/test_gates.py"),
    Fault("engine/gates.py", "if finding.blocking:", "if finding.open:", "tests/engine/test_gates.py"),
    Fault("engine/gates.py", "if topic.phase not in phases:", "if False:", "tests/engine/test_gates.py"),
    Fault("engine/gates.py", "decided = adopted.keys() | declined.keys()", "decided = adopted.keys()", "tests/engine/test_gates.py"),
    Fault("engine/selection.py", "due = phase.milestone(asked.milestone) if asked else len(phase.milestones) - 1", "due = phase.milestone(asked.milestone) if asked else 0", "tests/engine/test_selection.py"),
    Fault("engine/selection.py", "if self.until is None or place.phase != self.last:", "if self.until is None:", "tests/engine/test_selection.py"),
    Fault("workflows/judge.py", 'if loaded.environment.gates != "enforce":', "if False:", "tests/e2e/test_check.py"),
    Fault("workflows/judge.py", "[f for f in opened if f.check not in live]", "opened", "tests/engine/test_enforced.py"),
    Fault("report/junit.py", "return escape(ILLEGAL.sub(", "return (ILLEGAL.sub(", "tests/report/test_findings.py"),
    Fault("report/sarif.py", "if finding.waived:", "if False:", "tests/report/test_findings.py"),
    Fault("report/findings.py", 'return finding.level == "block" and finding.open', "return finding.blocking", "tests/report/test_findings.py"),
    Fault("engine/replace.py", "and may(change.address)", "", "tests/laws/test_replacement.py"),
    Fault("engine/replace.py", "path[0] in kind.key or _set_at_birth(lens, path)", "False", "tests/laws/test_replacement.py"),
    Fault("engine/replace.py", "frozenset({*named, *kind.owners(resource.address)})", "frozenset(named)", "tests/laws/test_replacement.py"),
    Fault("engine/replace.py", "members = change.edits[0].after", "members = want.fields[name]", "tests/laws/test_replacement.py"),
    Fault("engine/replace.py", "if not any(owner in reborn.causes for owner", "if not any(False for owner", "tests/laws/test_replacement.py"),
    Fault("engine/replace.py", "left = [item for item in edit.before if not reborn.meant(item)]", "left = list(edit.before)", "tests/laws/test_replacement.py"),
    Fault("engine/replace.py", "if not reborn.meant(left) and", "if False and", "tests/laws/test_holders.py"),
    Fault("engine/follow.py", 'return Foreign(min(named).kind, "")', "return value", "tests/laws/test_holders.py"),
    Fault("engine/edges.py", "yield StepId(id.address, EARLY)", "pass", "tests/engine tests/laws/test_replacement.py"),
    Fault("engine/edges.py", "strict or isinstance(change, Create)", "isinstance(change, Create)", "tests/engine/test_swap.py"),
    Fault("engine/edges.py", "or isinstance(changes[other], Delete)", "", "tests/engine/test_swap.py"),
    Fault("engine/swap.py", "if number not in taken", "if number", "tests/engine/test_swap.py"),
    Fault("engine/room.py", "if not _waits(one, create, edges)", "", "tests/engine/test_limits.py"),
    Fault("engine/room.py", "limit - live.count(name)", "limit", "tests/engine/test_limits.py"),
    Fault("engine/amounts.py", "max(peak, now + sign)", "now + sign", "tests/engine/test_limits.py"),
    Fault("engine/amounts.py", "sum(not _entailed(step) for step in judged.deletes)", "len(judged.deletes)", "tests/laws/test_replacement.py"),
    Fault("engine/holders.py", "settled = address in desired", "settled = True or address in desired", "tests/laws/test_holders.py"),
    Fault("engine/safety.py", "before = changed if step.former else", "before = changed if True else", "tests/laws/test_holders.py"),
    Fault("engine/settled.py", "if step.id.part != EARLY or step.address not in made", "", "tests/laws/test_replacement.py"),
    Fault("gateway/execute.py", "await _cleared(live, step) if step.former else None", "None", "tests/laws/test_replacement.py tests/engine/test_swap.py"),
    Fault("gateway/holders.py", "if not is_brief(kind)", "if True", "tests/laws/test_holders.py"),
    Fault("gateway/live.py", 'if not d.get("global") and not d.get("is_system")', "", "tests/engine/test_limits.py"),
    Fault("workflows/entries.py", "return deleted and not created", "return deleted", "tests/laws/test_replacement.py"),
    Fault("workflows/apply.py", "to_carry_out(plan.steps) - granted", "frozenset()", "tests/e2e/test_scopes_at_apply.py"),
    Fault("engine/scopes.py", "found.update(_scope(kind, verb) for verb in _verbs(kind, step.change))", "pass", "tests/engine/test_scopes.py"),
    Fault("engine/diff.py", 'if rule.map == "open" else []', "if False else []", "tests/engine"),
    Fault("engine/diff.py", "new or changed or len(kept) < len(live)", "new or changed", "tests/engine"),
    Fault("engine/diff.py", '"managed": ours', '"managed": set(live)', "tests/engine"),
    Fault("engine/diff.py", "return False\n        recorded", "return None\n        recorded", "tests/engine"),
    Fault("engine/diff.py", "recorded is None:\n        return None", "recorded is None:\n        return True", "tests/engine"),
    Fault("engine/diff.py", "resend(kind, want, edits)) if edits", "()) if edits", "tests/engine"),
    Fault("model/value.py", "return one is other", "return one == other", "tests/engine"),
    Fault("kinds/canonical.py", "have = rule.default", "pass", "tests/engine"),
    Fault("kinds/canonical.py", 'if rule.list == "set":\n        ours', "if False:\n        ours", "tests/engine"),
    Fault("engine/departures.py", '"never": False', '"never": True', "tests/engine"),
    Fault("engine/departures.py", '{"hold", "phase"}', '{"hold"}', "tests/engine"),
    Fault("engine/departures.py", "any(not _stays(owner, live) for owner in taken)", "False", "tests/engine"),
    Fault("engine/edges.py", "yield from before - after", "yield from ()", "tests/engine"),
    Fault("engine/edges.py", "mine.update(_parent_step(id, creates))", "pass", "tests/engine"),
    Fault("engine/edges.py", "yield StepId(id.address)\n", "pass\n", "tests/engine"),
    Fault("engine/order.py", "sign = -1 if last else 1", "sign = 1", "tests/engine"),
    Fault("engine/plan.py", "max(phase, declared.phase)", "phase", "tests/engine"),
    Fault("engine/plan.py", "if home := playbook.home", "if False and playbook.home", "tests/engine"),
    Fault("files/fragments.py", "topic.phase > phase", "False", "tests/files/test_bad_inputs.py"),
    Fault("files/fragments.py", "place = (phase, project", "place = (topic.phase, project", "tests/files/test_phases.py"),
    Fault("files/assemble.py", "phases.get(origin.file, own)", "own", "tests/files/test_phases.py"),
    Fault("playbooks/playbook.py", "and topic.means(kind, fields)", "", "tests/playbooks"),
    Fault("playbooks/playbook.py", "and t.means(kind, fields)", "", "tests/playbooks"),
    Fault("playbooks/playbook.py", "if reach == longest", "", "tests/playbooks"),
    Fault("playbooks/playbook.py", "range(len(path), 0, -1)", "range(1, len(path) + 1)", "tests/playbooks"),
    Fault("playbooks/problems.py", "known.phase >= phase.number", "False", "tests/playbooks"),
    Fault("engine/order.py", "return (int(last), *rank", "return (0, *rank", "tests/engine"),
    Fault("engine/walk.py", "events += self._skip_followers(id, outcome)", "pass", "tests/engine"),
    Fault("engine/walk.py", "self._ready.clear()", "pass", "tests/engine"),
    Fault("engine/safety.py", "today <= each.expires", "True", "tests/engine"),
    Fault("engine/safety.py", "step.address in judged.own", "False", "tests/engine"),
    Fault("engine/safety.py", "edit.path not in entry.paths", "False", "tests/engine"),
    Fault("engine/settled.py", "if not _held(lens, want", "if False and not _held(lens, want", "tests/engine"),
    Fault("engine/merge.py", 'lens.rule(root).write != "merge"', "False", "tests/gateway"),
    Fault("engine/merge.py", "if moved.isdisjoint(lens.rule((*root, key)).follows)", "if True", "tests/gateway/test_merge.py"),
    Fault("engine/merge.py", 'if rule.unset != "omit" or not same(item, rule.default)', "if True", "tests/gateway/test_merge.py"),
    Fault("engine/merge.py", 'UNSENT = frozenset({"never"', 'UNSENT = frozenset({"never", "create"', "tests/gateway/test_merge.py"),
    Fault("engine/diff.py", "lost = rule.follows or rule.read", "lost = rule.read", "tests/kinds/test_strategies.py"),
    Fault("kinds/connections.py", '("options", "oidc_metadata"), follows=("*",)', '("options", "oidc_metadata")', "tests/kinds/test_strategies.py"),
    Fault("kinds/canonical.py", "return certificates(want) == certificates(have) != ()", "return want == have", "tests/kinds/test_certificates.py"),
    Fault("model/vault.py", "if found := blocks(text):", "if found := ():", "tests/kinds/test_certificates.py"),
    Fault("gateway/live.py", "if count > FEW", "if False", "tests/gateway/test_read.py"),
    Fault("gateway/codec.py", "lens.kind.divides(path)", "False", "tests/gateway/test_read.py"),
    Fault("gateway/associations.py", "listed.items().names(kind.by) else key", "False else key", "tests/gateway/test_every_kind.py"),
    Fault("workflows/apply.py", "journal.append(*events)\n", "pass\n", "tests/e2e/test_journal.py"),
    Fault("workflows/entries.py", "entries.pop(address, None)\n    return entries", "pass\n    return entries", "tests/e2e/test_deletes.py"),
    Fault("engine/plan.py", "return Identity(pin=entry.id) if entry and entry.id else identity", "return identity", "tests/e2e/test_identity.py"),
    Fault("cli/running.py", "    refuse(plan)\n    refuse_elsewhere", "    refuse_elsewhere", "tests/e2e/test_exit_codes.py"),
    Fault("cli/refusing.py", "if environment.domain != plan.domain:", "if False:", "tests/e2e/test_exit_codes.py"),
    Fault("cli/running.py", 'if plan.approval != "auto":', "if False:", "tests/e2e/test_main_job.py"),
    Fault("sandbox/machine.py", "if route.feature and route.feature not in self.tenant.features", "if False", "tests/sandbox/test_settings.py"),
    Fault("sandbox/events.py", "name in _SECRETS or", "False or", "tests/sandbox/test_events.py"),
    Fault("sandbox/events.py", "safe=safe or name in _SAFES", "safe=safe", "tests/sandbox/test_events.py"),
    Fault("sandbox/machine.py", "if kept != self.kept:", "if False:", "tests/sandbox/test_settings.py"),
    Fault("sandbox/seeds.py", "        _clear_others(collection, call, planted, sifted)\n", "        pass\n", "tests/sandbox/test_seeds.py"),
    Fault("sandbox/tokens.py", "if claims.expires <= tenant.clock():", "if False:", "tests/sandbox/test_settings.py"),
    Fault("sandbox/store.py", "oldest = (found.lastrowid or 0) - KEPT_EVENTS", "oldest = 0", "tests/sandbox/test_events.py"),
    Fault("sandbox/vintage.py", "settings.features -= {habit}", "settings.features -= set()", "tests/sandbox/test_vintage.py"),
    Fault("cli/wiring.py", "not (sandbox and sandbox.buckets)", "True", "tests/e2e/test_requests.py"),
    Fault("kinds/kind.py", '(rule.secret or rule.read in {"absent", "masked", "cipher"})', 'rule.read in {"absent", "masked", "cipher"}', "tests/kinds/test_laws_of_kinds.py -k guardian_phone_twilio"),
    Fault("kinds/kind.py", "or name in self.born", "", "tests/engine/test_system_objects.py"),
    Fault("engine/departures.py", "if _stays(address, live) or not may or", "if not may or", "tests/engine/test_system_objects.py"),
    Fault("workflows/scopes.py", "if not KINDS[address.kind].stays(address.key)\n        and not", "if not", "tests/e2e/test_scopes.py"),
    Fault("workflows/scopes.py", "return found - (", "return found | (", "tests/e2e/test_scopes.py"),
    Fault("workflows/scopes.py", 'if environment.policy.delete == "never":', "if False:", "tests/e2e/test_scopes.py"),
    Fault("workflows/scopes.py", "for name in {a.kind for a in going} & mortal]", "for name in ()]", "tests/e2e/test_scopes.py"),
    Fault("workflows/outputs.py", "    _refuse_twins(wanted)\n", "", "tests/e2e/test_outputs.py"),
    Fault("workflows/outputs.py", "if len(candidates) == 1", "if candidates", "tests/e2e/test_outputs.py"),
    Fault("workflows/outputs.py", "for each in serving if not _excepted(gateway, each)", "for each in serving", "tests/e2e/test_outputs.py"),
    Fault("workflows/outputs.py", "if secrets or not secret:", "if True:", "tests/e2e/test_outputs.py"),
    Fault("cli/sinks.py", "found = list(published)\n    for each in found:\n        if each.secret:", "found = list(published)\n    for each in found:\n        if False:", "tests/e2e/test_outputs.py"),
    Fault("cli/sinks.py", ".translate(ENCODED)", "", "tests/e2e/test_outputs.py"),
    Fault("cli/sinks.py", "if CONTROL.search(published.value):", "if False:", "tests/e2e/test_outputs.py"),
    Fault("cli/outputs.py", '({} if p.secret else {"value": p.value})', '{"value": p.value}', "tests/e2e/test_outputs.py"),
    Fault("report/kinds.py", "_covers(rule, other) and not says(other)", "False", "tests/e2e/test_kinds.py"),
    Fault("report/kinds.py", "return Requests(fixed=1, page=page, each=int(listing.brief))", "return Requests(fixed=1)", "tests/e2e/test_kinds.py"),
    Fault("files/stamp.py", "if before is row:", "if True:", "tests/files/test_bad_inputs.py"),
    Fault("files/stamp.py", "if _has_gap(context, key):", "if False:", "tests/files/test_bad_inputs.py"),
    Fault("files/stamp.py", "            table.used.add(name)\n", "", "tests/files/test_stamping.py"),
    Fault("files/evaluate.py", "elif not is_absent(tree := evaluate(context, value)):", "elif tree := evaluate(context, value):", "tests/files/test_stamping.py"),
    Fault("files/evaluate.py", "return cell.value, (cell.origin,)", "return cell.value, ()", "tests/files/test_stamping.py"),
    Fault("files/findings.py", "if spot not in self.templates or (*spot, problem.help) not in said:", "if True:", "tests/files/test_bad_inputs.py"),
    Fault("files/findings.py", "[:ROWS_SHOWN]", "", "tests/files/test_bad_inputs.py"),
    Fault("files/findings.py", "(problem.file, problem.line)}", "(at.file, at.line)}", "tests/files/test_bad_inputs.py"),
    Fault("files/rows.py", 'data.decode("utf-8-sig")', 'data.decode("utf-8")', "tests/files/test_stamping.py"),
    Fault("kinds/bodies.py", 'if kind.rule((self.of.field, name), fields).when != "never":', "if False:", "tests/files/test_bad_inputs.py"),
    Fault("files/members.py", "_check_attributes(checked, index, member, findings)\n            continue", "continue", "tests/files/test_bad_inputs.py"),
    Fault("files/inner.py", "if isinstance(entry.tree, Items | Patch):", "if True:", "tests/files/test_bad_inputs.py"),
    Fault("files/legacy.py", "if checked.kind.legacy or checked.kind.early:", "if checked.kind.legacy:", "tests/files/test_legacy.py"),
    Fault("files/unite.py", "if rule.by and not rule.value:", "if False:", "tests/files/test_bad_inputs.py"),
    Fault("gateway/documents.py", "or () in roots", "", "tests/kinds/test_laws_of_kinds.py::test_the_law_holds[prompt_partials-login-unset]"),
    Fault("engine/diff.py", "None if _says_nothing(kind, want) else Create(want)", "Create(want)", "tests/kinds/test_laws_of_kinds.py::test_the_law_holds[trigger_bindings-post-login-change]"),
    Fault("files/values.py", "if MASK.fullmatch(value.strip()):", "if False:", "tests/files/test_secrets.py"),
    Fault("kinds/attack_protection.py", 'Rule(path[:1], write="replace", unset="illegal")', 'Rule(path[:1], unset="illegal")', "tests/kinds/test_laws_of_kinds.py::test_the_law_holds[attack_protection-captcha-change]"),
    Fault("kinds/custom_domains.py", 'Rule(("domain_metadata",), map="open"', 'Rule(("domain_metadata",)', "tests/kinds/test_laws_of_kinds.py::test_the_law_holds[custom_domains-login-change]"),
    Fault("kinds/resource_servers.py", '        Rule(("token_encryption", "encryption_key", "thumbprint_sha256"), when="never"),\n', "", "tests/kinds/test_laws_of_kinds.py::test_the_law_holds[resource_servers-hs256-change]"),
    Fault("kinds/branding_theme.py", 'Rule((), write="replace"),', "", "tests/kinds/test_laws_of_kinds.py::test_the_law_holds[branding_theme-change]"),
    Fault("kinds/log_streams.py", 'Rule(("startFrom",), when="create", read="absent"),', 'Rule(("startFrom",), read="absent"),', "tests/kinds/test_laws_of_kinds.py::test_the_law_holds[log_streams-http-create-only]"),
    Fault("engine/follow.py", "if isinstance(change, Update))", "if False)", "tests/kinds/test_references_of_flows.py"),
    Fault("engine/follow.py", "and ref.address in written", "", "tests/kinds/test_references_of_flows.py"),
    Fault("engine/edges.py", 'in {"deploy", "publish"}', 'in {"deploy"}', "tests/kinds/test_references_of_flows.py"),
    Fault("gateway/index.py", "            self._unname(address, name)\n            mine[name]", "            mine[name]", "tests/kinds/test_references_of_flows.py"),
    Fault("gateway/work.py", "named.get(element_key(item, by), other)", "other", "tests/kinds/test_references_of_flows.py"),
    Fault("gateway/procedures.py", 'outcome, module = Outcome("applied"), await _published(work)', 'outcome = Outcome("applied")', "tests/kinds/test_references_of_flows.py"),
    Fault("gateway/live.py", "documents = await _in_full(live, documents)", "pass", "tests/kinds/test_references_of_flows.py"),
    Fault("gateway/live.py", "if kind.wire.list is not None and not kind.wire.read:\n        documents", "if False:\n        documents", "tests/kinds/test_references_of_flows.py"),
    Fault("engine/scopes.py", '"publish": "update", ', "", "tests/engine/test_scopes.py"),
    Fault("engine/scopes.py", 'or kind.procedure == "entries"', "", "tests/engine/test_scopes.py"),
    Fault("kinds/faults.py", "if top and fault.word in known:", "if False:", "tests/files/test_variants.py"),
    Fault("gateway/live.py", "and found.keys() >= set(owners)", "", "tests/gateway"),
    Fault("engine/diff.py", "if new or changed or len(kept) < len(live):", "if new or len(kept) < len(live):", "tests/kinds/test_laws_of_kinds.py -k organiz"),
    Fault("gateway/documents.py", "if body or kind.body or () in roots:", "if body or () in roots:", "tests/kinds/test_laws_of_kinds.py -k guardian_policies"),
    Fault("files/inner.py", 'f"{parent.key}/{text}"', "text", "tests/kinds/test_laws_of_kinds.py -k variations"),
    Fault("gateway/naming.py", "key=lambda each: (name(each), str(each[kind.wire.id]))", "key=lambda each: name(each)", "tests/gateway/test_survey.py"),
    Fault("gateway/naming.py", "max(fitting, key=_is_system)", "fitting[-1]", "tests/gateway/test_survey.py"),
    Fault("gateway/naming.py", 'or "/" in address.key', "", "tests/gateway/test_survey.py"),
    Fault("gateway/naming.py", "if part not in kind.implied", "", "tests/gateway/test_survey.py"),
    Fault("gateway/naming.py", "taken = {address.key for address in index.known(rule.ref.to)}", "taken = set()", "tests/gateway/test_survey.py"),
    Fault("gateway/finds.py", "if isinstance(first, Unread) and first.all:", "if False:", "tests/gateway/test_survey.py"),
    Fault("gateway/finds.py", "return all(document.get(part) for part in needed)", "return True", "tests/gateway/test_survey.py"),
    Fault("gateway/finds.py", "kind in self.documents and kind not in self.unread", "kind in self.documents", "tests/gateway/test_survey.py"),
    Fault("gateway/finds.py", "for address in index.known(kind.name):", "for address in ():", "tests/gateway/test_survey.py"),
    Fault("gateway/unread.py", '"{key}" in kind.shape or', "", "tests/gateway/test_survey.py"),
    Fault("gateway/unread.py", "if not error.lacks:\n            raise", "pass", "tests/gateway/test_survey.py"),
    Fault("gateway/session.py", " and status != 501", "", "tests/gateway/test_survey.py"),
    Fault("gateway/leads.py", "for each in KINDS.values() if each.held_by.get(kind.name)", "for each in ()", "tests/gateway/test_survey_requests.py -k fresh"),
    Fault("gateway/survey.py", "if pages and (not kind.given or finds.named(kind)):", "if pages:", "tests/gateway/test_survey.py"),
    Fault("gateway/survey.py", "if a.key not in KINDS[name].system", "", "tests/gateway/test_survey_requests.py -k fresh"),
    Fault("gateway/survey.py", "declared or not _is_hollow(finds, kind, fields)", "True", "tests/gateway/test_survey.py"),
    Fault("gateway/survey.py", "if want is None and kind.hooks.unfold:", "if False:", "tests/kinds/test_survey_of_kinds.py -k trigger_bindings"),
    Fault("gateway/survey.py", "    return codec.complete(kind, fields)\n", "    return fields\n", "tests/kinds/test_survey_of_kinds.py -k email_provider"),
    Fault("gateway/survey.py", "if address.key in kind.system:", "if False:", "tests/gateway/test_survey.py"),
    Fault("gateway/index.py", "frozenset({*named, *hanging})", "frozenset(named)", "tests/gateway/test_survey.py"),
    Fault("foreign/hide.py", "elif PRIVATE_KEY.search(value):", "elif False:", "tests/foreign/test_resolve.py"),
    Fault("foreign/hide.py", "if rule.secret and not parts:", "if False:", "tests/foreign/test_resolve.py"),
    Fault("foreign/hide.py", "elif free and TELLING", "elif TELLING", "tests/foreign/test_resolve.py"),
    Fault("foreign/links.py", "if found is not None and found not in self.gone:\n                return Ref(found, rule.ref.via)", "if found is not None:\n                return Ref(found, rule.ref.via)", "tests/foreign/test_resolve.py"),
    Fault("foreign/links.py", "lost if names is None else lost & set(names)", "lost & set(names or ())", "tests/foreign/test_resolve.py"),
    Fault("foreign/fit.py", "if len(kept) < len(items) or not isinstance(value, list):", "if False:", "tests/foreign/test_resolve.py"),
    Fault("foreign/resolve.py", "lost |= _twice(found, made)", "", "tests/foreign/test_resolve.py"),
    Fault("foreign/resolve.py", "if name in used}", "}", "tests/foreign/test_resolve.py"),
    Fault("kinds/saying.py", "rule.default if rule.initial is ABSENT else rule.initial", "rule.default", "tests/kinds/test_defaults.py -k clients"),
    Fault("kinds/saying.py", "({} if _tells(lens, path) else ABSENT)", "ABSENT", "tests/kinds/test_defaults.py -k goes_without"),
    Fault("kinds/saying.py", 'if fault.kind == "missing" else ABSENT', "if False else ABSENT", "tests/kinds/test_defaults.py -k goes_without"),
    Fault("kinds/arranging.py", "if loose else items", "if False else items", "tests/drafts/test_round_trip.py -k clients-web"),
    Fault("workflows/mentions.py", "find(p) if n % 2 else p", "p", "tests/drafts/test_round_trip.py -k rate_limit"),
    Fault("gateway/naming.py", "address.key if address else id", "id", "tests/drafts/test_round_trip.py -k rate_limit"),
    Fault("files/names.py", 'return f"${text}" if text', "return text if text", "tests/files/test_keys.py"),
    Fault("drafts/author.py", "{written_key(k): v", "{k: v", "tests/drafts/test_hostile_names.py"),
    Fault("drafts/author.py", "if DEVICE.fullmatch(stem)", "if False", "tests/drafts/test_hostile_names.py"),
    Fault("drafts/write.py", "        value, Dumper=_dumper(), allow_unicode=True, sort_keys=False, width=WIDTH, indent=2\n    )\n    return INVISIBLE.sub(_escaped, str(text))", "        value, Dumper=_dumper(), allow_unicode=True, sort_keys=False, width=WIDTH, indent=2\n    )\n    return str(text)", "tests/drafts/test_hostile_names.py"),
    Fault("drafts/author.py", "next(name for name in names if name not in self.files)", "next(names)", "tests/drafts/test_author.py"),
    Fault("drafts/author.py", "said(kind, address.key, fields)", 'said(kind, "", fields)', "tests/drafts/test_author.py"),
    Fault("drafts/disk.py", 'or ".." in pure.parts', "", "tests/drafts/test_disk.py"),
    Fault("drafts/disk.py", "or place.is_symlink()", "", "tests/drafts/test_disk.py"),
    Fault("drafts/disk.py", "not Path(os.path.realpath(place.parent)).is_relative_to(top) or", "", "tests/drafts/test_disk.py"),
    Fault("drafts/merge.py", "overrides[name][address] = over", "pass", "tests/drafts/test_merge.py -k a_field"),
    Fault("drafts/overlay.py", "appends = want[: len(have)] == have and not set(rest) & set(have)", "appends = set(have) <= set(want)", "tests/drafts/test_merge.py -k order_means_something"),
    Fault("drafts/overlay.py", "takes = [text for text in dict.fromkeys(have) if text in want] == want", "takes = set(want) <= set(have)", "tests/drafts/test_merge.py -k order_means_something"),
    Fault("drafts/overlay.py", "elected = (found[n] for n in order if self._all_know(found[n]))", "elected = (found[n] for n in order)", "tests/drafts/test_merge.py -k names_only"),
    Fault("drafts/project.py", '{"$only": list(definition.only[address]), **body}', "body", "tests/drafts/test_project.py"),
    Fault("drafts/project.py", "playbook.topic(topic).phase for topic in topics", "1 for topic in topics", "tests/drafts/test_project.py"),
    Fault("drafts/author.py", 'return Tag("secret", secret.name)', "return secret.name", "tests/drafts/test_author.py"),
    Fault("drafts/author.py", 'return value.replace("${", "$${")', "return value", "tests/drafts/test_author.py"),
    Fault("drafts/author.py", 'return kind.key == (name,) and same(value, address.key.rpartition("/")[2])', "return kind.key == (name,)", "tests/drafts/test_author.py"),
    Fault("drafts/author.py", "if not self.full:", "if True:", "tests/drafts/test_author.py"),
    Fault("drafts/edit_add.py", "alone = bool(envs) and not self.everywhere", "alone = False", "tests/drafts/test_edit_add.py"),
    Fault("drafts/edit_add.py", "desk.has(name) and desk.text(name) != text", "False", "tests/drafts/test_edit_add.py"),
    Fault("drafts/edit_add.py", '    desk = _listed(desk, desk.tenant_file, ("adopts",), topic)\n', '    return _listed(desk, desk.tenant_file, ("adopts",), topic)\n', "tests/drafts/test_edit_add.py"),
    Fault("drafts/edit.py", "sound = all(loads(desk, env) for env in self.others)", "sound = True", "tests/drafts/test_edit.py"),
    Fault("drafts/edit_apply.py", "if users(desk, path) < 2:", "if True:", "tests/drafts/test_edit.py"),
    Fault("drafts/edit_text.py", 'comment = "".join(said).rstrip()', 'comment = ""', "tests/drafts/test_edit_text.py"),
    Fault("drafts/edit_override.py", "if more and not less:", "if more:", "tests/drafts/test_edit_second.py"),
    Fault("drafts/place.py", "if len(parted) > 1 and named and", "if False and", "tests/drafts/test_place.py"),
    Fault("workflows/export.py", "if not (quoted := _quoted(value, vault)):", "if True or not (quoted := _quoted(value, vault)):", "tests/e2e/test_export.py -k no_secret"),
    Fault("cli/taking.py", "problems.extend(error.problems)", "pass", "tests/e2e/test_convert_environments.py"),
    Fault("drafts/edit.py", "worse = any(after[place] > before.get(place, 0) for place in after)", "worse = False", "tests/drafts/test_edit.py -k variable"),
    Fault("workflows/export.py", 'sealed = {path: (version, "") for path, (version, _) in entry.sealed.items()}', "sealed = entry.sealed", "tests/drafts/test_adopted.py"),
    Fault("workflows/export.py", "if address in entries or address not in ids:", "if address not in ids:", "tests/drafts/test_adopted.py"),
    Fault("workflows/export.py", "if address in entries or address not in ids:", "if address in entries:", "tests/drafts/test_adopted.py"),
    Fault("workflows/export.py", "gateway.own() - scope.identities.keys()", "frozenset()", "tests/e2e/test_export.py -k as_json"),
    Fault("workflows/takeover.py", '"phases": released', '"phases": [1]', "tests/e2e/test_export.py -k is_kept"),
    Fault("workflows/takeover.py", '{"from": source, "version": 1} if live', '{"from": source} if live', "tests/e2e/test_export.py -k first_export"),
    Fault("workflows/chosen.py", "more = _needed(draft, declared, picked)", "more = frozenset()", "tests/drafts/test_chosen.py"),
    Fault("workflows/chosen.py", "if address not in declared and _is_object", "if _is_object", "tests/drafts/test_chosen.py"),
    Fault("workflows/chosen.py", "address: _pruned(resource, known)", "address: resource", "tests/drafts/test_chosen.py"),
    Fault("workflows/mentions.py", "or kind.name in _needed(address.kind)", "", "tests/drafts/test_mentions.py"),
    Fault("workflows/convert.py", '"" if embedded else draft.domain', '""', "tests/e2e/test_convert_environments.py"),
    Fault("cli/exporting.py", "live=True, full=asked.full", "live=True", "tests/e2e/test_export.py -k in_full"),
    Fault("cli/exporting.py", "if site.known and taken.definition:", "if False:", "tests/e2e/test_export.py -k is_kept"),
    Fault("cli/revising.py", "here = {moved(address, found.known): id for address, id in read.ids.items()}", "here = read.ids", "tests/e2e/test_export.py -k knows_the_ids"),
    Fault("cli/revising.py", "if address not in declared and not _hangs_on(address, declared)", "if address not in declared", "tests/e2e/test_export.py -k hangs_on"),
    Fault("cli/site.py", "    if site.defined:\n        load(", "    if False:\n        load(", "tests/e2e/test_export.py -k stay_where"),
    Fault("cli/taking.py", "if (root / folder / tenant).exists():", "if False:", "tests/e2e/test_convert_environments.py"),
    Fault("cli/import_.py", "if kind is None or not names:", "if kind is None:", "tests/e2e/test_export.py -k nobody_declares"),
    Fault("foreign/deploy_cli/seal.py", "frozenset(self.told | (self.whole - self.public))", "frozenset(self.whole - self.public)", "tests/foreign/deploy_cli/test_secrets.py"),
    Fault("foreign/deploy_cli/seal.py", "frozenset(self.told | (self.whole - self.public))", "frozenset(self.told)", "tests/foreign/deploy_cli/test_secrets.py"),
    Fault("foreign/deploy_cli/seal.py", "            if not self.holds(value):\n", "            if True:\n", "tests/foreign/deploy_cli/test_secrets.py"),
    Fault("foreign/deploy_cli/seal.py", "    yield json.dumps(value)[1:-1]\n", "", "tests/foreign/deploy_cli/test_secrets.py"),
    Fault("foreign/deploy_cli/seal.py", "        if spot.rule.secret:\n            return self.secret", "        if spot.rule.secret and is_secret(source):\n            return self.secret", "tests/foreign/deploy_cli/test_secrets.py"),
    Fault("foreign/deploy_cli/mapping.py", '{k: v for k, v in said.items() if k != "AUTH0_CLIENT_SECRET"}', "dict(said)", "tests/foreign/deploy_cli/test_mapping.py"),
    Fault("foreign/deploy_cli/keywords.py", '    for keyword in keywords.values():\n        marker = f"@@', '    for keyword in () if chosen else keywords.values():\n        text = text.replace(f"##{keyword.name}##", keyword.text)\n    for keyword in keywords.values():\n        marker = f"@@', "tests/foreign/deploy_cli/test_keywords.py"),
    Fault("foreign/deploy_cli/keywords.py", '    for keyword in keywords.values():\n        marker = f"##', '    for keyword in reversed(keywords.values()):\n        marker = f"##', "tests/foreign/deploy_cli/test_keywords.py"),
    Fault("foreign/deploy_cli/folder.py", "for marker, line, column in unresolved(text, self.keywords, comments=comments):", "for marker, line, column in ():", "tests/foreign/deploy_cli/test_secrets.py"),
    Fault("foreign/deploy_cli/keywords.py", 're.search(r"(^|\\s)#", MARKER.sub("", before))', '"#" in before', "tests/foreign/deploy_cli/test_keywords.py"),
    Fault("foreign/deploy_cli/folder.py", "            if not self.inside(path):\n                self.tell_outside(said, at)\n                return None\n", "", "tests/foreign/deploy_cli/test_layout.py"),
    Fault("foreign/deploy_cli/folder.py", "return path.resolve().is_relative_to(self.fence)", "return path.is_relative_to(self.fence)", "tests/foreign/deploy_cli/test_layout.py"),
    Fault("foreign/deploy_cli/mapping.py", "place.is_relative_to(home.parent) and place.is_file()", "place.is_file()", "tests/foreign/deploy_cli/test_mapping.py"),
    Fault("foreign/deploy_cli/read.py", "gone = {*settings.excluded, *excluded}", "gone = {*excluded}", "tests/foreign/deploy_cli/test_mapping.py"),
    Fault("foreign/deploy_cli/read.py", "gone = {*settings.excluded, *excluded}", "gone = {*settings.excluded}", "tests/foreign/deploy_cli/test_layout.py -k left_out_by"),
    Fault("foreign/deploy_cli/tenancy.py", "round(hours * 60)", "round(hours)", "tests/foreign/deploy_cli/test_types.py"),
    Fault("foreign/deploy_cli/look.py", 'yield Piece("clients", fields, asset, ("All Applications",))', 'yield Piece("tenant", {"custom_login_page": fields}, asset)', "tests/foreign/deploy_cli/test_types.py"),
    Fault("foreign/deploy_cli/sides.py", "        if found is None and self.implied(asset):\n", "        if self.implied(asset):\n", "tests/foreign/deploy_cli/test_layout.py"),
    Fault("foreign/deploy_cli/nodes.py", "line = bisect_right(self.starts, index)\n        return line,", "line = bisect_right(self.starts, index)\n        return line - 1,", "tests/foreign/deploy_cli/test_layout.py"),
    Fault("foreign/links.py", "        self.lost(value, rule.ref.to, spot)\n", "", "tests/foreign/test_resolve.py"),
    Fault("foreign/resolve.py", '            notes.append(note(each.item, "mistake", message, help, of=each.address))\n', "            pass\n", "tests/foreign/test_resolve.py"),
    Fault("foreign/keys.py", "found = self.tables.get((kind, scope), {}).get(name)", "found = self.anywhere(name)", "tests/foreign/test_resolve.py"),
    Fault("foreign/keys.py", "if audience and (audience[1] in self.hosts or AUTH0.fullmatch(audience[1])):", "if False:", "tests/foreign/test_resolve.py"),
    Fault("foreign/keys.py", "if audience and (audience[1] in self.hosts or AUTH0.fullmatch(audience[1])):", "if audience:", "tests/foreign/test_resolve.py"),
    Fault("foreign/keys.py", "(audience[1] in self.hosts or AUTH0.fullmatch(audience[1]))", "AUTH0.fullmatch(audience[1])", "tests/foreign/test_resolve.py"),
    Fault("foreign/hide.py", "        elif PRIVATE_KEY.search(value):\n", "        elif PRIVATE_KEY.fullmatch(value):\n", "tests/foreign/test_resolve.py"),
    Fault("foreign/fit.py", "key=_late_first, reverse=True)", "key=_late_first)", "tests/foreign/test_resolve.py"),
    Fault("foreign/terraform/configuration.py", "for n in range(int(size))]", "for n in range(1, int(size) + 1)]", "tests/foreign/terraform/test_configuration.py"),
    Fault("foreign/terraform/evaluate.py", "    if isinstance(value, str | Unknown):\n        return value\n", "    if isinstance(value, Unknown):\n        return value.why\n    if isinstance(value, str):\n        return value\n", "tests/foreign/terraform/test_language.py -k worked_out"),
    Fault("foreign/terraform/configuration.py", "return sealed(value, screaming(name)) if is_sensitive(block) else value", "return value", "tests/foreign/terraform/test_configuration.py"),
    Fault("foreign/terraform/fitting.py", "        context.hidden.add(source.name)\n", "        pass\n", "tests/foreign/terraform/test_configuration.py"),
    Fault("foreign/terraform/fitting.py", "            context.clear.setdefault(value, secret.name)\n", "            pass\n", "tests/foreign/terraform/test_configuration.py"),
    Fault("foreign/terraform/read.py", "_finished(worked[name], each, inputs[name], secret)", "_finished(worked[name], each, inputs[name], worked[name].work.hidden)", "tests/foreign/terraform/test_configuration.py"),
    Fault("foreign/terraform/hiding.py", "texts = tuple(_hide(text, names) for text in item.names)", "texts = item.names", "tests/foreign/terraform/test_configuration.py"),
    Fault("foreign/terraform/values.py", "    if value is None or isinstance(value, bool) or next(secrets(value), None):\n", "    if not isinstance(value, str) or next(secrets(value), None):\n", "tests/foreign/terraform/test_configuration.py"),
    Fault("foreign/terraform/inputs.py", "*sorted(auto), *(", "*sorted(auto, reverse=True), *(", "tests/foreign/terraform/test_configuration.py"),
    Fault("foreign/terraform/templates.py", "least = min(indents, default=0)", "least = max(indents, default=0)", "tests/foreign/terraform/test_language.py"),
    Fault("foreign/terraform/syntax.py", '"\\n" * text.count("\\n", 0, start) + text[start:end]', "text[start:end]", "tests/foreign/terraform/test_configuration.py"),
    Fault("foreign/terraform/syntax.py", "Origin(file, tree.meta.line, tree.meta.column)", "Origin(file, tree.meta.line + 1, tree.meta.column)", "tests/foreign/terraform/test_configuration.py"),
    Fault("report/takeover.py", "(visible(note.message), visible(note.help))", "(note.message, visible(note.help))", "tests/report/test_takeover.py"),
    Fault("report/takeover.py", '"message": visible(note.message)', '"message": note.message', "tests/report/test_takeover.py"),
    Fault("cli/starting.py", "{path for path in texts if os.path.lexists(root / path)}", "set()", "tests/e2e/test_init.py -k written_over"),
    Fault("cli/starting.py", "os.path.lexists(root / path)", "(root / path).exists()", "tests/e2e/test_init.py -k nowhere"),
    Fault("cli/starting.py", '    if (root / "tenants" / tenant / "tenant.yaml").exists():\n', "    if False:\n", "tests/e2e/test_init.py -k put_back"),
    Fault("cli/starting.py", "    new_tenant(root, tenant)\n", "", "tests/e2e/test_init.py -k does_not_go"),
    Fault("cli/convert.py", "provider=provider)\n\n\nREADERS", "provider=None)\n\n\nREADERS", "tests/e2e/test_convert.py"),
    Fault("foreign/deploy_cli/folder.py", "return [path for path in found if self.inside(path)]", "return found", "tests/foreign/deploy_cli/test_layout.py -k link"),
    Fault("cli/convert.py", "    root = new_tenant(how.into, how.tenant)\n", "    root = how.into.resolve()\n", "tests/e2e/test_convert.py -k written_over"),
    Fault("testing/harness/claims.mjs", "if (RESTRICTED.has(name)) {", "if (false) {", "tests/testing/test_harness.py"),
    Fault("testing/harness/claims.mjs", "if (size > LARGEST) {", "if (false) {", "tests/testing/test_harness.py"),
    Fault("testing/harness/tokens.mjs", "if (payload.state !== state) {", "if (false) {", "tests/testing/test_harness.py"),
    Fault("testing/harness/tokens.mjs", "if (!(payload.exp > Date.now() / 1000)) {", "if (false) {", "tests/testing/test_harness.py"),
    Fault("testing/harness/apis.mjs", "...(run.resumed && {", "...({", "tests/testing/test_harness.py"),
    Fault("testing/harness/network.mjs", "run?.unanswered.push(`${asked.method} ${asked.url}`);", "", "tests/testing/test_harness.py"),
    Fault("testing/harness/network.mjs", 'refuse(net.Socket.prototype, ["connect"]);', "", "tests/testing/test_harness.py"),
    Fault("testing/harness/events.mjs", "return structuredClone(given);", "return given;", "tests/testing/test_harness.py"),
    Fault("testing/harness/index.mjs", "if (!names.includes(name)) {\n      throw new Error(`${complaint}", "if (false) {\n      throw new Error(`${complaint}", "tests/testing/test_harness.py"),
    Fault("testing/harness/index.mjs", "complain(store.unanswered);", "", "tests/testing/test_harness.py"),
    Fault("testing/harness/index.mjs", "if (version !== declared) {", "if (false) {", "tests/testing/test_harness.py"),
    Fault("testing/harness/reporter.mjs", "if (isParent && !ownFault(type, data)) {", "if (isParent) {", "tests/testing/test_code.py"),
    Fault("testing/code.py", 'passed.get(record["unit"], True) and good', "good", "tests/testing/test_code.py"),
    Fault("testing/code.py", "environ = {name: os.environ[name] for name in PASSED_ON if name in os.environ}", "environ = dict(os.environ)", "tests/testing/test_code.py"),
    Fault("testing/expect.py", "if isinstance(value, _Set):", "if False:", "tests/testing/test_expect.py"),
    Fault("testing/node.py", "if version >= OLDEST:", "if True:", "tests/testing/test_code.py"),
    Fault("workflows/testing.py", "passed=counts[PASSED] > 0 and not counts[FAILED],", "passed=not counts[FAILED],", "tests/testing/test_command.py"),
    Fault("workflows/mock.py", "found = (*problems, *_unsettled(again.plan))", "found = problems", "tests/testing/test_mock.py"),
    Fault("workflows/mock.py", 'identity=replace(each.identity, pin="")', "identity=each.identity", "tests/testing/test_command.py"),
    Fault("workflows/mock.py", 'policy=Policy(delete="managed"),', "", "tests/testing/test_command.py"),
    Fault("workflows/mock.py", "if a in mine or ids.get(a) not in born.values()", "", "tests/testing/test_command.py"),
    Fault("workflows/live.py", 'wrong = "" if status == "active" else', "wrong = '' if True else", "tests/testing/test_command.py"),
    Fault("ledger/tests.py", "if (receipt.tenant, receipt.environment) != (tenant, environment):", "if False:", "tests/ledger/test_tests.py"),
    Fault("sandbox/front.py", 'if target not in client.get("callbacks", []):', "if False:", "tests/sandbox/test_front.py"),
)  # fmt: skip


def passes(tests: str, folder: Path) -> bool:
    """Whether *tests* pass on the copy in *folder*, within LIMIT."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    command += ["--hypothesis-profile=thorough"]
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "NO_COLOR": "1"}
    try:
        ended = subprocess.run(  # noqa: S603 - our own tests
            [*command, *tests.split()],
            cwd=folder,
            env=environment,
            capture_output=True,
            timeout=LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == 0


def survives(fault: Fault, folder: Path) -> bool:
    """Whether the tests pass although *fault* is there."""
    path = folder / "src" / "tenantctl" / fault.file
    healthy = path.read_text()
    path.write_text(healthy.replace(fault.old, fault.new))
    try:
        return passes(fault.tests, folder)
    finally:
        path.write_text(healthy)


def misplaced(faults: Iterable[Fault]) -> Iterator[str]:
    """What of *faults* cannot be planted, in words."""
    for fault in faults:
        times = (ROOT / "src" / "tenantctl" / fault.file).read_text().count(fault.old)
        if times != 1:
            yield f"{fault.file}: {fault.old!r} stands there {times} times"


def _first(text: str) -> str:
    return text.splitlines()[0] if text else "(nothing)"


def main() -> int:
    """Try every fault whose file or text contains an argument; all of them without arguments."""
    chosen = [f for f in FAULTS if not sys.argv[1:] or any(a in f"{f}" for a in sys.argv[1:])]
    if wrong := [*misplaced(chosen)]:
        raise SystemExit("\n".join(wrong))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name)
        sound = cache(lambda tests: passes(tests, folder))
        counted: Counter[str] = Counter()
        for fault in chosen:
            # Tests that fail without the fault show nothing.
            said = sound(fault.tests) and ("SURVIVED" if survives(fault, folder) else "caught")
            counted[said or "UNSOUND"] += 1
            old, new = _first(fault.old), _first(fault.new)
            print(f"{said or 'UNSOUND':<9} {fault.file}: {old} -> {new}", flush=True)
    print(f"{counted['caught']} of {len(chosen)} faults caught")
    return int(counted["caught"] < len(chosen))


if __name__ == "__main__":
    sys.exit(main())
