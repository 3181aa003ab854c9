"""What is said of a change, field by field."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from report.samples import ACTION, B2C, CLEAN, EMPTY, PLAN, RECEIPT, TENANT, VAULT, with_change
from tenantctl.model import (
    ABSENT,
    Address,
    Create,
    Delete,
    Edit,
    Event,
    Outcome,
    Ref,
    Resource,
    Sealed,
    Secret,
    StepId,
    Text,
    Update,
    Vault,
)
from tenantctl.report import as_json, line_for, view_plan, view_receipt
from tenantctl.report.rows import LINES
from tenantctl.report.shown import shown
from tenantctl.report.text import text

CLIENT = Address("clients", "a")


def lines(change, **more):
    """The lines of the only step of a plan, without what is around it and what it risks."""
    view = view_plan(with_change(change), B2C, **more)
    report = text(view, color=False, width=100)
    below = report.split("\n\n")[1].split("\n")[3:]
    (step,) = view.steps
    return [line.removeprefix("        ") for line in below[bool(step.risks) :]]


def edited(path, before, after, address=CLIENT, **more):
    fields = tuple(path.split("."))
    return lines(Update(address, (Edit(fields, before, after, **more),)))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("Web Shop", "Web Shop"),
        ("https://a.example/b?c=d&e=%20#f", "https://a.example/b?c=d&e=%20#f"),
        ("Käse", "Käse"),
        ("", '""'),
        (" a", '" a"'),
        ("a  b", '"a  b"'),
        ("true", '"true"'),
        ("No", '"No"'),
        ("null", '"null"'),
        ("12", '"12"'),
        ("1.5", '"1.5"'),
        ("-a", '"-a"'),
        ("a:", '"a:"'),
        ("a, b", '"a, b"'),
        ('say "x"\\', '"say \\"x\\"\\\\"'),
        (True, "true"),
        (None, "null"),
        (12, "12"),
        (1.5, "1.5"),
        (ABSENT, "(not set)"),
        ([], "[]"),
        ({}, "{}"),
        (["a", 1, [None]], "[a, 1, [null]]"),
        ({"a": {"b c": "d"}, "1": 1}, '{a: {b c: d}, "1": 1}'),
        (Ref(CLIENT, "client_id"), "${clients.a.client_id}"),
        (
            Text(("x${", Ref(CLIENT, "client_id"), Secret("S"))),
            '"x$${${clients.a.client_id}(secret S)"',
        ),
        (Secret("S"), "(secret S)"),
        (Sealed("ab"), "(secret)"),
    ],
)
def test_a_value_is_shown_so_that_it_cannot_be_mistaken(value, said):
    assert shown(value) == said


def test_true_and_one_and_the_strings_of_both_look_different():
    assert len({shown(value) for value in (True, 1, "true", "1")}) == 4


def test_a_set_says_what_came_and_went_whatever_the_order():
    assert edited("callbacks", ["c", "a", "b"], ["b", "d", "a"]) == [
        "callbacks:",
        "  + d",
        "  - c",
        "    (2 unchanged)",
    ]


def test_a_set_that_was_not_there_has_additions_only():
    assert edited("callbacks", ABSENT, ["a"]) == ["callbacks:", "  + a"]
    assert edited("callbacks", None, ["a"]) == ["callbacks:", "  + a"]


def test_a_long_list_in_order_is_a_diff():
    before = [f"language-{n}" for n in range(20)]
    after = [*before[:5], "new", *before[5:]]
    said = edited("enabled_locales", before, after, Address("tenant"))
    assert "  + new" in said
    assert len(said) == 9


def test_a_list_that_becomes_something_else_is_shown_before_and_after():
    assert edited("callbacks", "all", ["a"]) == ["callbacks: all -> [a]"]


def test_objects_in_a_list_differ_by_inner_path_and_type():
    said = edited(
        "addons",
        [{"a": {"b": [1, 2]}, "gone": 1}, {"x": {"y": 1}}],
        [{"a": {"b": [1, "2"]}, "new.key": {"z": True}}, {"x": 5}],
    )
    assert said == [
        "addons:",
        '  ~ [0].a.b[1]: 2 -> "2"',
        "  - [0].gone: 1",
        "  + [0].new.key: {z: true}",
        "  ~ [1].x: {y: 1} -> 5",
    ]


def test_an_object_that_is_put_into_a_list_is_one_line_and_so_is_one_that_is_taken_out():
    one, other, third = ({"id": name, "v": 1} for name in "abc")
    assert edited("addons", [one, other], [third, one, other])[1:] == ["  + [0]: {id: c, v: 1}"]
    assert edited("addons", [one, third, other], [one, other])[1:] == ["  - [1]: {id: c, v: 1}"]


def test_a_keyed_list_with_more_beside_its_key_says_what_is_beside():
    said = edited(
        "modules",
        [{"module_id": "a", "version": 1, "x": 1}],
        [{"module_id": "a", "version": 2, "x": 1}, {"module_id": "b", "version": 1}],
        Address("actions", "a"),
    )
    assert said == ["modules:", "  ~ a version: 1 -> 2", "  + b: version: 1"]


def test_a_new_text_is_all_additions_and_a_text_that_goes_all_deletions():
    assert edited("custom_login_page", ABSENT, "a\nb\n")[2:] == ["  + a", "  + b", "  +"]
    assert edited("custom_login_page", "a\nb", None)[2:] == ["  - a", "  - b"]


def test_a_lost_newline_at_the_end_is_a_difference():
    assert "  -" in edited("custom_login_page", "a\n", "a")


def test_a_change_of_line_ends_is_a_difference_that_can_be_seen():
    assert "  - a\\r" in edited("custom_login_page", "a\r\nb", "a\nb")


def test_any_text_of_several_lines_is_a_diff_whatever_the_field():
    assert edited("description", "a\nb", "a\nc")[1:] == ["  @ -1,2 +1,2", "    a", "  - b", "  + c"]


def test_a_long_diff_is_cut_with_a_count_unless_all_is_asked_for():
    after = "\n".join(map(str, range(LINES + 60)))
    change = Update(CLIENT, (Edit(("custom_login_page",), ABSENT, after),))
    short, full = lines(change), lines(change, full=True)
    assert short[-1] == "  ... 61 more lines; --full shows them"
    assert len(short) == LINES + 2
    assert full[-1] == f"  + {LINES + 59}"


def test_a_text_with_a_reference_is_shown_as_it_is_written():
    after = Text(("a\n<a href='", Ref(CLIENT, "client_id"), "'>\n"))
    assert "  + <a href='${clients.a.client_id}'>" in edited("custom_login_page", "a\n", after)


@pytest.mark.parametrize(
    ("before", "after", "unknown", "said"),
    [
        (Sealed("a"), Secret("S"), False, "(secret S, changed)"),
        (Sealed(), Secret("S"), True, "(secret S, cannot tell; apply decides)"),
        (ABSENT, Secret("S"), False, "(secret S, new)"),
        (Sealed(), ABSENT, False, "(secret, taken away)"),
        (Sealed("a"), Text(("x", Secret("S"), Secret("T"))), False, "(secret S T, changed)"),
    ],
)
def test_a_secret_is_named_and_said_to_change_or_not(before, after, unknown, said):
    address = Address("connections", "a")
    found = edited("options.client_secret", before, after, address, unknown=unknown)
    assert found == [f"options.client_secret: {said}"]


def test_a_secret_in_a_keyed_list_of_which_nobody_can_tell_says_so():
    said = edited(
        "secrets",
        [{"name": "CRM", "value": Sealed()}],
        [{"name": "CRM", "value": Secret("CRM")}],
        Address("actions", "a"),
        unknown=True,
    )
    assert said == ["secrets:", "  ~ CRM: (secret CRM, cannot tell; apply decides)"]


def test_an_association_shows_its_members_by_address():
    refs = [Ref(Address("clients", name), "client_id") for name in ("a", "b")]
    said = edited("clients", refs[:1], refs, Address("connection_clients", "customers"))
    assert said == ["clients:", "  + clients.b", "    (1 unchanged)"]


def test_a_reference_to_an_unusual_field_says_which():
    said = edited("clients", [], [Ref(CLIENT, "name")], Address("connection_clients", "c"))
    assert said == ["clients:", "  + ${clients.a.name}"]


def test_a_kind_of_a_later_version_is_shown_without_its_rules():
    resource = Resource(Address("novelties", "a"), {"name": "A", "list": [1]})
    assert lines(Create(resource)) == ["name: A", "list: [1]"]


def test_a_new_keyed_list_is_shown_as_people_write_it():
    secrets = [{"name": "CRM", "value": Secret("CRM")}, {"name": "b"}]
    created = Create(Resource(Address("actions", "a"), {"secrets": secrets, "dependencies": []}))
    assert lines(created) == ["secrets: {CRM: (secret CRM), b}", "dependencies: []"]


def test_a_delete_says_what_it_breaks():
    change = Delete(Resource(Address("connections", "customers"), {"name": "customers"}))
    report = text(view_plan(with_change(change), B2C), color=False, width=100)
    assert "! breaks all its users: they are deleted with the connection" in report


def test_a_resource_with_two_steps_counts_once():
    late = replace(TENANT, id=StepId(TENANT.address, "late"))
    counts = view_plan(replace(EMPTY, steps=(TENANT, late)), B2C).counts
    assert (counts.update, counts.steps, counts.requests) == (1, 2, 4)


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (None, "20 requests."),
        ((50, 16.0), "20 requests, about 0 s."),
        ((10, 2.0), "20 requests, about 5 s."),
        ((0, 0.05), "20 requests, about 7 min."),
    ],
)
def test_the_time_is_what_the_rate_limit_leaves(rate, said):
    report = text(view_plan(CLEAN, B2C, rate=rate), color=False, width=100)
    assert said in report


@pytest.mark.parametrize(
    ("plan", "file", "said"),
    [
        (CLEAN, "", "tenantctl apply hearth/dev"),
        (CLEAN, "my plan.json", "tenantctl apply 'my plan.json'"),
        (replace(CLEAN, approval="manual"), "", "tenantctl plan hearth/dev --out plan.json"),
        (replace(CLEAN, approval="manual"), "p.json", "tenantctl apply p.json"),
        (EMPTY, "plan.json", ""),
        (PLAN, "plan.json", ""),
    ],
)
def test_what_comes_next_names_the_plan_file_or_the_environment(plan, file, said):
    assert view_plan(plan, B2C, file=file).next == said


def test_every_step_of_the_plan_is_in_the_view_once_with_its_number():
    view = view_plan(PLAN, B2C, VAULT)
    shown = [s for group in view.groups for topic in group.topics for s in topic.steps]
    found = {step.number: step.id for step in (*shown, *view.deletes)}
    assert found == {n: str(step.id) for n, step in enumerate(PLAN.steps, 1)}
    assert len(shown) + len(view.deletes) == len(PLAN.steps)


def test_json_says_whether_a_plan_is_ready_refused_or_empty():
    outcomes = [as_json(view_plan(plan, B2C))["outcome"] for plan in (CLEAN, PLAN, EMPTY)]
    assert outcomes == ["ready", "refused", "empty"]


def test_everything_in_the_text_is_in_the_json():
    view = view_plan(PLAN, B2C, VAULT)
    data = str(as_json(view))
    for row in (row for g in view.groups for t in g.topics for s in t.steps for row in s.rows):
        for part in (row.field, row.after, *(line.text for line in row.lines)):
            assert repr(part)[1:-1] in data


def test_a_topic_that_the_playbook_does_not_have_is_shown_under_its_own_name():
    stray = replace(ACTION, place=replace(ACTION.place, topic="stray", workstream="elsewhere"))
    report = text(view_plan(replace(EMPTY, steps=(stray,)), B2C), color=False, width=100)
    assert "\nelsewhere\n  stray\n    ~ actions.add-claims" in report


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (Event("started", StepId(CLIENT)), "clients.a: started"),
        (Event("settled", StepId(CLIENT, "late"), Outcome("applied")), "clients.a#late: applied"),
        (
            Event("settled", StepId(CLIENT), Outcome("failed", "400\nbad")),
            "clients.a: failed, 400\\nbad",
        ),
        (
            Event("settled", StepId(CLIENT), Outcome("skipped", because=(StepId(CLIENT, "x"),))),
            "clients.a: skipped because of clients.a#x",
        ),
        (
            Event("settled", StepId(CLIENT), Outcome("waiting", "DNS", {"CNAME": "x"})),
            "clients.a: waiting, DNS; CNAME x",
        ),
    ],
)
def test_an_event_is_one_line(event, said):
    assert line_for(event) == said


def test_a_converged_receipt_asks_for_nothing():
    assert view_receipt(replace(RECEIPT, status="converged")).next == ""
    assert view_receipt(replace(RECEIPT, status="waiting")).next == "tenantctl resume hearth/dev"


def test_a_receipt_without_outcomes_says_so():
    view = view_receipt(replace(RECEIPT, status="converged", outcomes={}), Vault())
    assert "converged: nothing to do." in text(view, color=False, width=80)


def test_the_report_loads_neither_rich_nor_deepdiff_before_it_needs_them():
    code = "import sys, tenantctl.report; sys.exit(bool({'rich', 'deepdiff'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
