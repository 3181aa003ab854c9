"""Settings that come in an order, that follow each other, or that are replaced as a whole."""

import pytest

from kinds.laws.ground import Ground, ground_of
from kinds.laws.table import Case, Tagged
from tenantctl.kinds import KINDS, fold


@pytest.fixture
def apply(tmp_path):
    """Declares a resource with what it needs on a tenant of its own, and carries that out."""
    made: list[Ground] = []

    def work(kind, fields, needs=()):
        if not made:
            case = Case(KINDS[kind], kind, "", fields, kind, needs=dict(needs))
            made.append(ground_of(case, tmp_path))
        (ground,) = made
        ground.declare(fields)
        plan = ground.plan()
        result = ground.apply(plan)
        assert result.receipt.status == "converged"
        return ground, [str(step.address) for step in plan.steps]

    yield work
    for ground in made:
        ground.sandbox.close()


SECRET = Tagged("secret", "KEY")


def test_the_phone_factor_is_on_before_what_it_sends_is_set(apply):
    needs = {
        "guardian_factors": {"sms": {"enabled": True}},
        "guardian_phone_twilio": {"sid": "AC1", "auth_token": SECRET},
        "guardian_phone_provider": {"provider": "twilio"},
        "guardian_phone_message_types": {"message_types": ["sms"]},
    }
    texts = {"enrollment_message": "{{code}}", "verification_message": "{{code}}"}
    _, steps = apply("guardian_phone_templates", texts, needs)
    first, *rest = steps
    assert first == "guardian_factors.sms"
    assert set(rest) == {*needs, "guardian_phone_templates"} - {"guardian_factors"}
    in_turn = ["guardian_phone_twilio", "guardian_phone_provider", "guardian_phone_templates"]
    assert [step for step in rest if step in in_turn] == in_turn


def test_push_notifications_have_their_credentials_before_they_are_sent_that_way(apply):
    needs = {
        "guardian_factors": {"push-notification": {"enabled": True}},
        "guardian_push_sns": {"aws_access_key_id": "AK", "aws_secret_access_key": SECRET},
    }
    _, steps = apply("guardian_push_provider", {"provider": "sns"}, needs)
    assert steps == [
        "guardian_factors.push-notification",
        "guardian_push_sns",
        "guardian_push_provider",
    ]


def test_no_policy_at_all_is_a_setting_of_its_own(apply):
    ground, _ = apply("guardian_policies", {"policies": ["all-applications"]})
    ground, steps = apply("guardian_policies", {"policies": []})
    assert steps == ["guardian_policies"]
    assert ground.look().documents["guardian_policies", ""] == {"policies": []}


def test_another_email_provider_has_nothing_of_the_credentials_of_the_former(apply):
    smtp = {"smtp_host": "mail.example", "smtp_port": 25, "smtp_user": "u", "smtp_pass": SECRET}
    shared = {"default_from_address": "shop@example.com"}
    apply("email_provider", {"name": "smtp", "credentials": smtp, **shared})
    ground, _ = apply("email_provider", {"name": "mandrill", "credentials": {"api_key": SECRET}})
    held = ground.look().documents["email_provider", ""]
    assert held["credentials"] == {"api_key": ground.values["KEY"]}


def test_a_secret_that_is_set_to_null_is_given_up_once(apply):
    sns = {"aws_access_key_id": "AK", "aws_secret_access_key": SECRET}
    apply("guardian_push_sns", sns)
    ground, steps = apply("guardian_push_sns", {**sns, "aws_secret_access_key": None})
    assert steps == ["guardian_push_sns"]
    assert ground.look().documents["guardian_push_sns", ""] == {"aws_access_key_id": "AK"}
    assert apply("guardian_push_sns", {**sns, "aws_secret_access_key": None})[1] == []


def test_a_lifetime_is_written_out_in_hours_unless_it_is_no_whole_number_of_them():
    both = {"session_lifetime": 1.5, "session_lifetime_in_minutes": 90}
    assert fold(KINDS["tenant"], both) == {"session_lifetime_in_minutes": 90}
    both = {"session_lifetime": 2, "session_lifetime_in_minutes": 120}
    assert fold(KINDS["tenant"], both) == {"session_lifetime": 2}
