"""Who may open which page: every route × every role, and what happens without a session."""

import pytest
from flask import Flask
from sqlalchemy import Connection

from tests.conftest import one_database
from tests.pages import SETTINGS, Browser, Clock
from tracker.app import create_app
from tracker.core.permissions import Role
from tracker.web.access import allowed_roles
from tracker.web.csp import DASHBOARDS

KI, INST, HBA = Role.COORDINATION, Role.INSTITUTION, Role.COMMITTEE
PUBLIC = None
ALL = {KI, INST, HBA}

# Every route with the roles that may open it; PUBLIC needs no session. One line per endpoint.
ROUTES: dict[str, set[Role] | None] = {
    "pages.start": PUBLIC,
    "pages.imprint": PUBLIC,
    "pages.privacy": PUBLIC,
    "pages.accessibility": PUBLIC,
    "pages.easy_language": PUBLIC,
    "pages.logo": PUBLIC,
    "pages.report_barrier": PUBLIC,
    "pages.report_barrier_submit": PUBLIC,
    "pages.terms": PUBLIC,
    "pages.security_txt": PUBLIC,
    "watch.alive": PUBLIC,
    "watch.ready": PUBLIC,
    "moved": PUBLIC,
    "accounts.sign_in": PUBLIC,
    "accounts.sign_in_submit": PUBLIC,
    "accounts.invitation": PUBLIC,
    "accounts.accept_invitation": PUBLIC,
    "contact.confirm": PUBLIC,
    "contact.confirm_submit": PUBLIC,
    "accounts.sign_out": ALL,
    "accounts.extend_session": ALL,
    "accounts.own_account": ALL,
    "accounts.rename": ALL,
    "accounts.change_password": ALL,
    "accounts.accounts": {KI},
    "accounts.invite": {KI},
    "accounts.invite_submit": {KI},
    "accounts.invite_again": {KI},
    "accounts.withdraw_invitation": {KI},
    "accounts.address": {KI},
    "accounts.change_address": {KI},
    "accounts.account_concepts": {KI},
    "accounts.choose_concepts": {KI},
    "accounts.deactivate": {KI},
    "accounts.represented": {KI, INST},
    "accounts.appoint": {KI, INST},
    "accounts.end_substitution": {KI, INST},
    "accounts.succession": {KI},
    "accounts.hand_over": {KI},
    "reports.mine": {INST},
    "reports.preview": {INST},
    "reports.confirm_chosen": {INST},
    "reports.edit": {KI, INST},
    "reports.save": {KI, INST},
    "reports.submit": {KI, INST},
    "reports.show": {KI, INST},
    "reports.confirm": {KI, INST},
    "reports.withdraw": {KI, INST},
    "reports.dissent": {KI, INST},
    "reports.take_over": {KI, INST},
    "contributions.edit": {INST},
    "contributions.save": {INST},
    "contributions.withdraw": {INST},
    "rounds.rounds": {KI},
    "rounds.undecided": {KI},
    "rounds.plan": {KI},
    "rounds.cockpit": {KI},
    "rounds.confirm": {KI},
    "rounds.take": {KI},
    "rounds.plan_year": {KI},
    "rounds.save_year": {KI},
    "rounds.dates": {KI},
    "rounds.save_dates": {KI},
    "rounds.extension": {KI},
    "rounds.grant_extension": {KI},
    "rounds.joining": {KI},
    "rounds.join": {KI},
    "review.waiting": {KI},
    "review.report": {KI},
    "review.unchanged": {KI},
    "review.preview": {KI},
    "review.accept_unchanged": {KI},
    "review.accept": {KI},
    "review.accept_other_value": {KI},
    "review.give_back": {KI},
    "review.revoke": {KI},
    "review.waive": {KI},
    "review.unwaive": {KI},
    "review.extend": {KI},
    "responsibilities.responsibilities": {KI},
    "responsibilities.assign": {KI},
    "responsibilities.measure": {KI},
    "responsibilities.assign_one": {KI},
    "responsibilities.end": {KI},
    "concept.concept": ALL,
    "concept.goal": ALL,
    "concept.measure": ALL,
    "concept.edit_goal": {KI},
    "concept.save_goal": {KI},
    "concept.edit_measure": {KI},
    "concept.save_measure": {KI},
    "concept.edit_target": {KI},
    "concept.save_target": {KI},
    "concept.institutions": {KI},
    "concept.institution": {KI},
    "concept.new_institution": {KI},
    "concept.add_institution": {KI},
    "concept.save_institution": {KI},
    "mails.outbox": {KI},
    "mails.retry": {KI},
    "mails.retry_failed": {KI},
    "mails.history": {KI},
    "records.log": {KI},
    "settings.overview": {KI},
    "settings.group": {KI},
    "settings.save": {KI},
    "settings.take_back": {KI},
    "settings.picture": {KI},
    "questionnaire.newest": {INST},
    "questionnaire.form": {KI, INST},
    "questionnaire.download": {KI, INST},
    "questionnaire.upload": {KI, INST},
    "questionnaire.preview": {KI, INST},
    "questionnaire.take_over": {KI, INST},
    "downloads.downloads": ALL,
    "downloads.report": ALL,
    "downloads.measure": ALL,
    "downloads.institution": {KI, INST},
    "downloads.questionnaire": {KI, INST},
    "downloads.schema": ALL,
    "papers.kinds": {KI},
    "papers.choose": {KI},
    "papers.preview": {KI},
    "papers.order": {KI},
    "papers.orders": {KI},
    "papers.order_page": {KI},
    "papers.order_state": {KI},
    "papers.order_file": {KI},
    "papers.change": {KI},
    "papers.word_template": {KI},
    "papers.set_word_template": {KI},
    "papers.retire_word_template": {KI},
}


def endpoints(app: Flask) -> dict[str, str]:
    """Each endpoint outside Dash with the pattern of its address."""
    return {
        rule.endpoint: rule.rule
        for rule in app.url_map.iter_rules()
        if not f"{rule.rule}/".startswith(DASHBOARDS)
    }


@one_database
def test_every_route_is_listed_with_the_roles_that_may_open_it(app: Flask) -> None:
    found = {name: allowed_roles(app.view_functions[name]) for name in endpoints(app)}
    expected = {name: None if roles is None else frozenset(roles) for name, roles in ROUTES.items()}
    assert found == expected


def requests_of(app: Flask, *, closed_to: Role | None) -> list[tuple[str, str]]:
    """Every method and address that a role (None: nobody) must not get through to."""
    found = []
    for rule in app.url_map.iter_rules():
        if f"{rule.rule}/".startswith(DASHBOARDS):
            continue
        roles = ROUTES[rule.endpoint]
        if roles is None or closed_to in roles:
            continue
        values = dict.fromkeys(rule.arguments, 1)
        address = str(app.url_map.bind("").build(rule.endpoint, values))
        found += [(method, address) for method in (rule.methods or set()) & {"GET", "POST"}]
    return sorted(set(found))


@one_database
@pytest.mark.parametrize("role", list(Role))
def test_another_roles_pages_are_refused(
    app: Flask,
    role: Role,
    coordination: Browser,
    committee: Browser,
    representative: Browser,
) -> None:
    browser = {KI: coordination, HBA: committee, INST: representative}[role]
    # The KI is the koordinierende Stelle itself.
    remedy = "andere Person der koordinierenden Stelle" if role is KI else "koordinierende Stelle"
    for method, address in requests_of(app, closed_to=role):
        ask = browser.get if method == "GET" else browser.post
        page = ask(address, status=403)
        assert remedy in page.visible, address


@one_database
def test_nobody_is_sent_to_the_sign_in_page(app: Flask, nobody: Browser) -> None:
    for method, address in requests_of(app, closed_to=None):
        if method == "GET":
            response = nobody.client.get(address)
            assert response.status_code == 302, address
            assert response.location.startswith("/anmelden?next=%2F"), address
        else:
            nobody.post(address, status=401)


def test_a_view_without_a_mark_stays_closed(connection: Connection) -> None:
    app = create_app(SETTINGS, engine=connection)
    app.add_url_rule("/vergessen", "forgotten", lambda: "geheim")
    assert "geheim" not in Browser(app).get("/vergessen", 500).text


@one_database
def test_dashboards_are_guarded(app: Flask, nobody: Browser) -> None:
    paths = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if f"{rule.rule}/".startswith(DASHBOARDS) and not rule.arguments
    }
    for path in paths:
        response = nobody.client.get(path)
        assert response.status_code in {302, 405}, path


def test_an_unknown_address_says_where_to_begin(nobody: Browser) -> None:
    assert "Startseite" in nobody.get("/gibt-es-nicht", 404).visible


def test_a_wrong_method_says_where_to_begin(coordination: Browser) -> None:
    assert "Startseite" in coordination.get("/konten/1/deaktivieren", 405).visible


def test_an_idle_session_ends(coordination: Browser, clock: Clock) -> None:
    clock.forward(minutes=61)
    assert coordination.client.get("/konten").status_code == 302


def test_a_session_in_use_goes_on_but_not_for_ever(coordination: Browser, clock: Clock) -> None:
    for _ in range(14):
        clock.forward(minutes=50)
        coordination.get("/konten")
    clock.forward(minutes=50)
    assert coordination.client.get("/konten").status_code == 302


def test_extending_counts_as_use(coordination: Browser, clock: Clock) -> None:
    clock.forward(minutes=55)
    assert coordination.send("/konto/sitzung").status_code == 204
    clock.forward(minutes=55)
    coordination.get("/konten")


def test_a_script_learns_that_the_session_ended(coordination: Browser, clock: Clock) -> None:
    token = coordination.token()
    clock.forward(minutes=61)
    response = coordination.client.post(
        "/konto/sitzung", headers={"X-CSRFToken": token, "X-Requested-With": "fetch"}
    )
    assert response.status_code == 401
    assert response.get_json()["error"] == "signed_out"
