"""SIGKILL of a sandbox that is served while clients write: nothing that was answered is lost.

The judge opens the file anew after every kill, and asks SQLite itself whether it is whole.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
import pytest

from campaigns.figures import commit, table, write_page
from tenantctl.sandbox import Sandbox

SEED = 20261121
KILLS = 200
SAMPLE = 5
WRITERS = 8
DOMAIN = "killed.sandbox.invalid"
FORKS = multiprocessing.get_context("forkserver")
WHAT = (
    "A sandbox that is served from a file is killed with SIGKILL while eight connections create, "
    "rename and delete roles, between 5 and 120 ms after the first of them, 200 times over the "
    "same file. After each kill the file is opened anew: every write that was answered must be "
    "there, one that was under way may be there or not but never in part, and SQLite's own check "
    "of the file must be clean."
)


@dataclass
class Told:
    """What a writer was told of its roles: the name that each has, None once it was deleted.

    `unsure` are the ids whose last write was not answered, `creating` the names that may or may not
    have become roles.
    """

    names: dict[str, str | None] = field(default_factory=dict)
    unsure: dict[str, str | None] = field(default_factory=dict)
    creating: set[str] = field(default_factory=set)
    answered: int = 0


def serve_file(path: Path, ready: Connection) -> None:
    """Serves one file over plain HTTP and tells address and token; for a process of its own."""
    from tenantctl.sandbox.server import Guest, serve

    sandbox = Sandbox(DOMAIN, path)

    def tell(serving):
        ready.send((serving.tenants[0].base_url, sandbox.token()))

    serve([Guest("killed", sandbox)], 0, None, tell)


async def write(http: httpx.AsyncClient, told: Told, label: str, dice: random.Random) -> None:
    """Creates, renames and deletes until the server is gone."""
    number = 0
    while True:
        number += 1
        name = f"{label}-{number}"
        told.creating.add(name)
        answer = await http.post("/api/v2/roles", json={"name": name, "description": name})
        assert answer.status_code == 200, answer.text
        told.creating.discard(name)
        id = answer.json()["id"]
        told.names[id] = name
        told.answered += 1
        for wanted in (f"{name}-renamed", None)[: dice.randint(0, 2)]:
            told.unsure[id] = wanted
            await change(http, id, wanted)
            told.names[id] = told.unsure.pop(id)
            told.answered += 1


async def change(http: httpx.AsyncClient, id: str, name: str | None) -> None:
    """One role gets another name and description, or is deleted where there is no name."""
    path = f"/api/v2/roles/{id}"
    if name is None:
        answer = await http.delete(path)
    else:
        answer = await http.patch(path, json={"name": name, "description": name})
    assert answer.is_success, answer.text


async def kill_while_writing(
    process: int, base_url: str, token: str, dice: random.Random, label: str
) -> list[Told]:
    """What the writers had been told when the server was killed under them."""
    headers = {"authorization": f"Bearer {token}"}
    found = [Told() for _ in range(WRITERS)]
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=20) as http:
        writers = [
            asyncio.create_task(write(http, told, f"{label}-{n}", random.Random(dice.random())))
            for n, told in enumerate(found)
        ]
        await asyncio.sleep(0)
        assert any(told.creating for told in found)
        await asyncio.sleep(dice.uniform(0.005, 0.12))
        os.kill(process, signal.SIGKILL)
        ends = await asyncio.gather(*writers, return_exceptions=True)
    strange = [end for end in ends if not isinstance(end, httpx.TransportError)]
    assert strange == []
    return found


def lost(path: Path, found: list[Told], label: str) -> list[str]:
    """What the file should hold after a kill and does not, or holds in part.

    `label` begins the names of the roles that were written before this kill.
    """
    connection = sqlite3.connect(path)
    wrong = [row[0] for row in connection.execute("pragma integrity_check") if row[0] != "ok"]
    connection.close()
    sandbox = Sandbox(DOMAIN, path)
    roles = sandbox.documents("roles")
    sandbox.close()
    wrong += [f"{id} in part" for id, role in roles.items() if role["name"] != role["description"]]
    for told in found:
        for id, name in told.names.items():
            there = roles.get(id, {}).get("name")
            if there not in {name, told.unsure.get(id, name)}:
                wrong.append(f"{id}: {there} where {name} was answered")
    known = {id for told in found for id in told.names}
    names = {name for told in found for name in told.creating}
    mine = {id: role for id, role in roles.items() if role["name"].partition("-")[0] == label}
    wrong += [f"{id} from nowhere" for id in mine.keys() - known if mine[id]["name"] not in names]
    return wrong


def campaign(folder: Path, kills: int) -> Counter[str]:
    """Kills one served file again and again; counts of what was answered and what was lost."""
    FORKS.set_forkserver_preload(["tenantctl.sandbox.server", "campaigns.test_served_sigkill"])
    path, dice, counts = folder / "killed.sqlite", random.Random(SEED), Counter[str]()
    for kill in range(kills):
        here, there = FORKS.Pipe(duplex=False)
        process = FORKS.Process(target=serve_file, args=(path, there), daemon=True)
        process.start()
        assert here.poll(30)
        base_url, token = here.recv()
        found = asyncio.run(kill_while_writing(process.pid, base_url, token, dice, f"k{kill}"))
        process.join(30)
        assert process.exitcode == -signal.SIGKILL
        process.close()
        here.close()
        there.close()
        wrong = lost(path, found, f"k{kill}")
        assert wrong == [], f"kill {kill}: {wrong}"
        counts["kills"] += 1
        counts["writes answered"] += sum(told.answered for told in found)
        counts["writes under way"] += sum(len(t.creating) + len(t.unsure) for t in found)
        counts["lost or in part"] += len(wrong)
    return counts


@pytest.mark.thorough
def test_a_few_kills_of_a_served_sandbox_lose_no_answered_write(tmp_path):
    counts = campaign(tmp_path, SAMPLE)
    assert counts["kills"] == SAMPLE
    assert counts["writes answered"] > SAMPLE
    assert counts["writes under way"] > 0


def test_the_judge_sees_a_lost_a_changed_and_an_invented_write(tmp_path):
    path = tmp_path / "judged.sqlite"
    sandbox = Sandbox(DOMAIN, path)
    for id, name in {"rol_a": "k0-a", "rol_b": "k0-b", "rol_c": "k0-c"}.items():
        sandbox.put("roles", id, {"name": name, "description": name})
    sandbox.edit("roles", "rol_b", {"name": "half"})
    sandbox.close()
    told = Told({"rol_a": "k0-a", "rol_b": "k0-b", "rol_d": "k0-d"}, creating={"k0-e"})
    assert lost(path, [told], "k0") == [
        "rol_b in part",
        "rol_b: half where k0-b was answered",
        "rol_d: None where k0-d was answered",
        "rol_c from nowhere",
    ]


@pytest.mark.campaign
def test_two_hundred_kills_of_a_served_sandbox_lose_no_answered_write(tmp_path):
    tested, begun = commit(), time.monotonic()
    counts = campaign(tmp_path, KILLS)
    facts = {
        "commit": tested,
        "seed": SEED,
        "duration": f"{time.monotonic() - begun:.0f} s",
    }
    title = "SIGKILL of a sandbox that is served, while clients write"
    write_page("sandbox-kills", title, WHAT, facts, table([tuple(counts), tuple(counts.values())]))
    assert counts["kills"] == KILLS
