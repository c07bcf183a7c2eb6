"""Every route with who may open it and what else decides: one line per endpoint.

A route that is not listed fails `test_rights.py`, and so does one whose view says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests.attack.places import (
    ACCEPTED,
    CONFIRMABLE,
    CONFIRMED,
    EARLIER,
    EXPECTED,
    FIRST,
    HBA,
    INST,
    KI,
    NOT_ASKED,
    OTHER_VALUE,
    SECOND,
    SUBMITTED,
    WAIVED,
    City,
    Identity,
    Place,
)
from tests.factories import RUNNING
from tests.pages import PASSWORD
from tests.report_world import fields_of
from tracker.core.permissions import Role

Fields = dict[str, Any]
# What a report's number stands for, where a route is about another than the expected one.
Slot = int
DAY = "2026-10-20"


@dataclass(frozen=True)
class Route:
    """Who may: `roles` (None: everybody), of an institution only who submits, never a deputy.

    `names` says which of a place's things an argument is. `foreign` is the answer to who may not
    see the place, `answers` those to who may. `fields` is what a form of it posts; `filled` adds
    what stands in the form at the same address. `writes` is False where nothing is kept.
    """

    roles: frozenset[Role] | None
    names: dict[str, str | Slot] = field(default_factory=dict)
    fields: Callable[[Place], Fields] = lambda place: {}
    query: Callable[[Place], str] = lambda place: ""
    answers: tuple[int, ...] = (200,)
    foreign: tuple[int, ...] = (404,)
    submits: bool = False
    appoints: bool = False
    filled: bool = False
    writes: bool = True
    # Bound to concept or institution beyond what its arguments say.
    of_institution: bool = False
    of_concept: bool = False


def of(*roles: Role, **rest: Any) -> Route:
    return Route(frozenset(roles), **rest)


def public(*answers: int, **rest: Any) -> Route:
    return Route(None, answers=answers or (200,), writes=False, **rest)


def with_(**fields: Any) -> Callable[[Place], Fields]:
    return lambda place: fields


ALL = (KI, INST, HBA)
BOTH = (KI, INST)
LATER = {"valid_from": "2027-03-01", "valid_to": "2027-03-05"}
REVISION = {"revision": "1"}

ROUTES: dict[str, Route] = {
    "pages.start": public(200, 302),
    "pages.imprint": public(),
    "pages.privacy": public(),
    "pages.accessibility": public(),
    "pages.easy_language": public(404),
    "pages.logo": public(404),
    "pages.report_barrier": public(),
    "pages.report_barrier_submit": public(422),
    "pages.terms": public(),
    "pages.security_txt": public(),
    "watch.alive": public(),
    "watch.ready": public(200, 503),
    "moved": public(307, 308, names={"key": "round_key"}),
    "accounts.sign_in": public(200, 302),
    "accounts.sign_in_submit": public(422),
    "accounts.invitation": public(),
    "accounts.accept_invitation": public(400, 422),
    "contact.confirm": public(404),
    "contact.confirm_submit": public(400, 404),
    "accounts.sign_out": of(*ALL),
    "accounts.extend_session": of(*ALL, writes=False),
    "accounts.own_account": of(*ALL),
    "accounts.rename": of(*ALL, fields=with_(name="Anderer Name")),
    "accounts.change_password": of(
        *ALL,
        fields=with_(present_password=PASSWORD, new_password="vier blaue Tassen stehen hier"),
    ),
    "accounts.accounts": of(KI),
    "accounts.invite": of(KI),
    "accounts.invite_submit": of(
        KI, fields=with_(name="Neu", email="neu@stadt.example", invited_as="committee")
    ),
    "accounts.invite_again": of(KI, names={"account_id": "colleague_id"}),
    "accounts.withdraw_invitation": of(KI, names={"account_id": "colleague_id"}),
    "accounts.address": of(KI, names={"account_id": "colleague_id"}),
    "accounts.change_address": of(
        KI, names={"account_id": "colleague_id"}, fields=with_(email="neue@stadt.example")
    ),
    "accounts.account_concepts": of(KI, names={"account_id": "reader_id"}),
    "accounts.choose_concepts": of(
        KI,
        names={"account_id": "reader_id"},
        fields=with_(concept_ids=[]),
        of_concept=True,
        foreign=(403,),
    ),
    "accounts.deactivate": of(KI, names={"account_id": "colleague_id"}),
    "accounts.reactivate": of(KI, names={"account_id": "former_id"}),
    "accounts.represented": of(*BOTH),
    "accounts.appoint": of(
        *BOTH,
        submits=True,
        appoints=True,
        fields=lambda place: (
            LATER | {"representative_id": place.representative_id, "deputy_id": place.colleague_id}
        ),
    ),
    "accounts.end_substitution": of(*BOTH, submits=True, appoints=True),
    "accounts.succession": of(KI),
    "accounts.hand_over": of(
        KI,
        fields=lambda place: {
            "account_id": place.representative_id,
            "last_day": "2026-10-31",
            "successor": "neu",
            "name": "Neu",
            "email": "neu@stadt.example",
        },
    ),
    "reports.mine": of(INST),
    "reports.preview": of(
        INST,
        submits=True,
        query=lambda place: f"report={place.reports[CONFIRMABLE]}",
        answers=(200, 302),
    ),
    "reports.confirm_chosen": of(
        INST,
        submits=True,
        of_institution=True,
        foreign=(200, 403, 409),
        fields=lambda place: {"report": place.reports[CONFIRMABLE]},
    ),
    "reports.edit": of(*BOTH),
    "reports.save": of(*BOTH, fields=lambda place: fields_of(RUNNING)),
    # Mitarbeitende are refused, but what they typed is a draft as with reports.save.
    "reports.submit": of(*BOTH, fields=lambda place: fields_of(RUNNING)),
    "reports.show": of(*BOTH),
    "reports.confirm": of(*BOTH, names={"report_id": CONFIRMABLE}, submits=True),
    "reports.withdraw": of(*BOTH, names={"report_id": SUBMITTED}, submits=True),
    "reports.dissent": of(
        *BOTH,
        names={"report_id": OTHER_VALUE},
        submits=True,
        fields=with_(dissent="Das sehen wir anders."),
    ),
    "reports.take_over": of(
        *BOTH,
        fields=lambda place: {
            f"take-beitrag-{place.contribution_id}-version": 1,
            f"take-beitrag-{place.contribution_id}-text": "1",
        },
    ),
    "contributions.edit": of(INST, names={"report_id": "partner_report_id"}),
    "contributions.save": of(
        INST,
        names={"report_id": "partner_report_id"},
        fields=with_(contribution_text="Neun Treffen.", version="1"),
    ),
    "contributions.withdraw": of(INST, names={"report_id": "partner_report_id"}),
    "rounds.rounds": of(KI),
    "rounds.undecided": of(KI),
    "rounds.plan": of(KI, fields=with_(period="2027-Q1")),
    "rounds.cockpit": of(KI, names={"key": "round_key"}),
    "rounds.confirm": of(KI, names={"key": "round_key"}),
    "rounds.take": of(KI, names={"key": "round_key"}),
    "rounds.plan_year": of(KI),
    "rounds.save_year": of(KI, filled=True),
    "rounds.dates": of(KI, names={"key": "round_key"}),
    "rounds.save_dates": of(
        KI,
        names={"key": "round_key"},
        filled=True,
        fields=with_(committee_on="2026-12-01"),
    ),
    "rounds.extension": of(KI, names={"key": "round_key"}),
    "rounds.grant_extension": of(
        KI,
        names={"key": "round_key"},
        fields=lambda place: {
            "institution_id": place.institution_id,
            "until": DAY,
            "reason": "Krank",
        },
    ),
    "rounds.joining": of(KI, names={"key": "round_key"}),
    "rounds.join": of(
        KI,
        names={"key": "round_key"},
        fields=lambda place: {
            "measure_id": place.measures[NOT_ASKED],
            "due_on": DAY,
            "reason": "Neu",
        },
    ),
    "review.waiting": of(KI),
    "review.report": of(KI),
    "review.unchanged": of(KI),
    "review.preview": of(
        KI, writes=False, fields=lambda place: {"report": f"{place.reports[CONFIRMED]}-1"}
    ),
    "review.accept_unchanged": of(
        KI,
        of_concept=True,
        foreign=(200, 409),
        fields=lambda place: {"report": f"{place.reports[CONFIRMED]}-1"},
    ),
    "review.accept": of(KI, names={"report_id": SUBMITTED}, fields=with_(**REVISION)),
    "review.accept_other_value": of(
        KI,
        names={"report_id": SUBMITTED},
        fields=with_(
            implementation="in_progress", course="critical", reason="Es stockt.", **REVISION
        ),
    ),
    "review.give_back": of(
        KI, names={"report_id": SUBMITTED}, fields=with_(comment="Wie viele?", **REVISION)
    ),
    "review.revoke": of(
        KI, names={"report_id": ACCEPTED}, fields=with_(revoke_reason="Ein Irrtum.")
    ),
    "review.waive": of(KI, fields=with_(waive_reason="Ruht.")),
    "review.unwaive": of(KI, names={"report_id": WAIVED}),
    "review.extend": of(KI, fields=with_(until=DAY, reason="Krank")),
    "responsibilities.responsibilities": of(KI),
    "responsibilities.assign": of(
        KI,
        fields=lambda place: {
            "measures": [place.measures[NOT_ASKED]],
            "institution_id": place.newcomer_id,
            "role": "partner",
            "valid_from": DAY,
        },
    ),
    "responsibilities.measure": of(KI),
    "responsibilities.assign_one": of(
        KI,
        fields=lambda place: {
            "institution_id": place.newcomer_id,
            "role": "partner",
            "valid_from": DAY,
        },
    ),
    "responsibilities.end": of(KI, fields=with_(valid_to="2026-12-31")),
    "concept.concept": of(*ALL),
    "concept.goal": of(*ALL, names={"code": "goal"}),
    "concept.measure": of(*ALL),
    "concept.edit_goal": of(KI, names={"code": "goal"}),
    "concept.save_goal": of(
        KI, names={"code": "goal"}, filled=True, fields=with_(vision="Alle sind dabei.")
    ),
    "concept.edit_measure": of(KI),
    "concept.save_measure": of(KI, filled=True, fields=with_(display_text="Anders gesagt")),
    "concept.edit_target": of(KI, names={"key": "indicator"}),
    "concept.save_target": of(
        KI, names={"key": "indicator"}, filled=True, fields=with_(target="12")
    ),
    "concept.institutions": of(KI),
    "concept.institution": of(KI),
    "concept.new_institution": of(KI),
    "concept.add_institution": of(
        KI, filled=True, fields=with_(key="neu", name="Neu e. V.", short_name="Neu")
    ),
    "concept.save_institution": of(KI, filled=True, fields=with_(short_name="Anders")),
    "mails.outbox": of(KI),
    "mails.retry": of(KI),
    "mails.retry_failed": of(KI),
    "mails.history": of(KI),
    "records.log": of(KI),
    "settings.overview": of(KI),
    "settings.group": of(KI, names={"key": "group"}),
    "settings.save": of(
        KI, names={"key": "group"}, filled=True, fields=with_(committee_name="Hauptausschuss")
    ),
    "settings.take_back": of(KI, names={"value_id": "setting_id"}),
    "settings.picture": of(KI, names={"value_id": "picture_id"}),
    "questionnaire.newest": of(INST, answers=(302,)),
    "questionnaire.form": of(*BOTH),
    "questionnaire.download": of(*BOTH),
    "questionnaire.upload": of(*BOTH, writes=False),
    "questionnaire.preview": of(*BOTH),
    "questionnaire.take_over": of(*BOTH),
    "downloads.downloads": of(*ALL),
    "downloads.report": of(*ALL),
    "downloads.measure": of(*ALL),
    "downloads.institution": of(*BOTH, names={"key": "institution"}, of_institution=True),
    "downloads.questionnaire": of(*BOTH),
    "downloads.schema": of(*ALL),
    "papers.kinds": of(KI),
    "papers.choose": of(KI),
    "papers.preview": of(KI, query=lambda place: f"runde={EARLIER}/1"),
    "papers.order": of(KI, fields=with_(runde=f"{EARLIER}/1", form="pdf")),
    "papers.orders": of(KI),
    "papers.order_page": of(KI),
    "papers.order_state": of(KI),
    "papers.order_file": of(KI, answers=(404,)),  # it still waits
    "papers.change": of(KI, names={"step": "order_step"}),
    "papers.word_template": of(KI),
    "papers.set_word_template": of(KI, writes=False),
    "papers.retire_word_template": of(KI),
    "dashboards_page": of(*ALL),
    "dashboards_table": of(*ALL),
    "/dashboards/": of(*ALL, answers=(307, 308)),
    "/dashboards/<path:path>": of(*ALL, answers=(307, 308)),
    "dashboards_charts": of(*ALL),
    "dashboards_dash-renderer-and-all": of(*ALL),
    "dashboards_marks": of(*ALL),
    "dashboards_own": of(*ALL),
    "dashboards_style": of(*ALL),
    "/dashboards/_dash-layout": of(*ALL),
    "/dashboards/_dash-dependencies": of(*ALL),
    "/dashboards/_dash-update-component": of(*ALL, writes=False, of_concept=True),
    "/dashboards/_favicon.ico": of(*ALL),
    "/dashboards/_reload-hash": of(*ALL),
    "/dashboards/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": of(
        *ALL, answers=(404,)
    ),
    "_dashboards_dash_assets.static": of(*ALL, answers=(200, 404)),
}
CALLBACK = "/dashboards/_dash-update-component"
# What is the same wherever one asks.
FIXED = {
    "ending": "json",
    "path": "ruecklauf",
    "package_name": "dash",
    "fingerprinted_path": "deps/react.js",
    "filename": "charts.js",
}
FIXED_OF = {
    "downloads.measure": {"ending": "docx"},
    "downloads.institution": {"ending": "docx"},
    "dashboards_table": {"key": "handlungsfelder"},
    "downloads.questionnaire": {"ending": "docx"},
    "pages.logo": {"key": "0"},
}
OF_CONCEPT = {"concept", "report_id", "order_id", "upload_id", "mail_id", "round_id"}
OF_INSTITUTION = {"report_id", "upload_id", "institution_id"}


@dataclass(frozen=True)
class Ask:
    """One method of one rule."""

    rule: Rule
    method: str
    route: Route

    @property
    def endpoint(self) -> str:
        return str(self.rule.endpoint)

    def address(self, city: City, place: Place) -> str:
        fixed = FIXED | FIXED_OF.get(self.endpoint, {}) | {"token": city.invitation}
        values = {}
        for argument in self.rule.arguments:
            if argument in fixed:
                values[argument] = fixed[argument]
                continue
            name = self.route.names.get(argument, EXPECTED if argument == "report_id" else argument)
            values[argument] = (
                place.reports[name] if isinstance(name, int) else getattr(place, name)
            )
        built = self.rule.build(values)
        assert built is not None, self
        query = self.route.query(place)
        return f"{built[1]}?{query}" if query else built[1]

    def refusal(self, identity: Identity, place: Place) -> tuple[int, ...] | None:
        """What the house answers who may not, None to who may.

        Who is it? What is their role? Do they see it? Is it theirs to do?
        """
        route = self.route
        if self.rule.alias or route.roles is None:
            return None
        if not identity.signed_in:
            return (302,) if self.method == "GET" else (401,)
        if identity.role not in route.roles:
            return (403,)
        if not self._there(place):
            return (404,)
        if not self._seen_by(identity, place):
            return route.foreign
        if identity.role is INST and (
            (route.submits and not identity.submits) or (route.appoints and identity.deputises)
        ):
            return (403,)
        return None

    def decision(self, identity: Identity, place: Place) -> tuple[int, ...]:
        return self.refusal(identity, place) or ((308,) if self.rule.alias else self.route.answers)

    def _there(self, place: Place) -> bool:
        named = self.rule.arguments - set(FIXED) - set(FIXED_OF.get(self.endpoint, {}))
        return (
            place.exists or not named or (named == {"concept"} and place.concept in (FIRST, SECOND))
        )

    def _seen_by(self, identity: Identity, place: Place) -> bool:
        arguments = self.rule.arguments
        by_concept = self.route.of_concept or arguments & OF_CONCEPT
        if by_concept and identity.concepts is not None and place.concept not in identity.concepts:
            return False
        by_institution = self.route.of_institution or arguments & OF_INSTITUTION
        return not (
            by_institution and identity.role is INST and place.institution != identity.institution
        )


def asks(app: Flask, method: str) -> Iterator[Ask]:
    """Every rule that takes a method, in the order of its address."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, str(rule.endpoint))):
        if method in (rule.methods or set()):
            yield Ask(rule, method, ROUTES[str(rule.endpoint)])
