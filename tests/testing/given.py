"""Units of code for tests of the harness: each does what the test hands it as the module `job`."""

from __future__ import annotations

from tenantctl.testing.units import Unit

TRIGGERS = {
    "post-login": ("v3", "PostLogin"),
    "credentials-exchange": ("v2", "CredentialsExchange"),
    "pre-user-registration": ("v2", "PreUserRegistration"),
    "post-user-registration": ("v2", "PostUserRegistration"),
    "post-change-password": ("v2", "PostChangePassword"),
    "send-phone-message": ("v2", "SendPhoneMessage"),
    "custom-email-provider": ("v1", "CustomEmailProvider"),
    "custom-phone-provider": ("v1", "CustomPhoneProvider"),
    "custom-token-exchange": ("v1", "CustomTokenExchange"),
    "event-stream": ("v1", "EventStream"),
    "password-reset-post-challenge": ("v1", "PasswordResetPostChallenge"),
    "login-post-identifier": ("v1", "LoginPostIdentifier"),
    "signup-post-identifier": ("v1", "SignupPostIdentifier"),
    "password-hash-migration": ("v1", "PasswordHashMigration"),
    "post-credential-validation": ("v1", "PostCredentialValidation"),
}
JOB = "(event, api) => require('job')(event, api)"


def action(key: str, code: str, trigger: str = "post-login", **more: object) -> Unit:
    version = TRIGGERS[trigger][0]
    given = {"trigger": trigger, "version": version, **more}
    return Unit(f"actions.{key}", "action", key, code, f"actions/{key}.js", **given)  # type: ignore[arg-type]


def script(name: str, code: str) -> Unit:
    return Unit(
        f"connections.people/{name}",
        "script",
        f"people/{name}",
        code,
        f"databases/{name}.js",
        configuration=("TOKEN", "URL"),
    )


def every_trigger() -> list[Unit]:
    """An action for each trigger, called as the trigger is."""
    return [
        action(
            trigger,
            f"exports.onExecute{name} = {JOB};\nexports.onContinue{name} = {JOB};",
            trigger,
            secrets=("KEY", "OTHER"),
        )
        for trigger, (_, name) in TRIGGERS.items()
    ]


UNITS = (
    *every_trigger(),
    action("old", "exports.onExecutePostLogin = async () => {};", version="v2"),
    action("nothing", "exports.helper = () => 1;"),
    action("broken", "exports.onExecutePostLogin = async () => {\n  throw new Error('no');\n};"),
    action("wrong", "export const onExecutePostLogin = () => {};"),
    action(
        "needy",
        "exports.onExecutePostLogin = (event) => require(event.user.nickname)();",
        dependencies=(("@scope/there", "1.2.3"), ("gone", "2.0.0"), ("there", "1.0.0")),
    ),
    action(
        "shared",
        "const { told } = require('actions:words');\n"
        "exports.onExecutePostLogin = (event, api) => api.access.deny(told());",
    ),
    Unit(
        "action_modules.words",
        "module",
        "words",
        "exports.told = () => `told with ${actions.secrets.MARK}`;",
        "modules/words.js",
        secrets=("MARK",),
    ),
    script(
        "login",
        "/** Signs in. */\nfunction login(name, password, callback) {\n"
        "  return require('job')(name, password, callback, configuration,\n"
        "    { WrongUsernameOrPasswordError, ValidationError, UnauthorizedError });\n}\n",
    ),
    script(
        "get_user",
        "const PREFIX = 'people|';\nasync function getUser(email) {\n"
        "  return require('job')(PREFIX + email, configuration);\n}\n",
    ),
    script("create", "async (user, callback) => require('job')(user, callback)"),
)
