"""An Auth0 tenant on one's own machine: the Management API and the token endpoint over SQLite.

It knows the API and nothing of the rest of this package: what it does is written from evidence
about Auth0, so that it can disagree with us.
"""

from tenantctl.sandbox.behaviour import Bucket, Delays, Fault, Hostility
from tenantctl.sandbox.machine import Request
from tenantctl.sandbox.refusal import SandboxError
from tenantctl.sandbox.sandbox import Sandbox
from tenantctl.sandbox.subscriptions import included

__all__ = [
    "Bucket",
    "Delays",
    "Fault",
    "Hostility",
    "Request",
    "Sandbox",
    "SandboxError",
    "included",
]
