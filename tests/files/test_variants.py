"""A field that Auth0 has, in a form that the rest of the resource does not allow."""

from __future__ import annotations

import pytest

from tenantctl.errors import FilesError
from tenantctl.files import load

FORM = """\
id_token_claims:
  flow_vault_connections:
    chat:
      app_id: SLACK
      setup:
        type: BEARER
        token: !secret KEY
"""


def test_the_setup_of_another_app_is_said_not_to_fit_where_it_stands(phase1):
    with pytest.raises(FilesError) as raised:
        load(phase1(FORM), "shop", "dev")
    (problem,) = raised.value.problems
    assert (problem.line, problem.message) == (5, "setup does not go with the other fields")
    assert problem.help == "Auth0 takes another form of it with them, or none"
