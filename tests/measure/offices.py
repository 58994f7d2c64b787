"""A plugin with three small registers for tests: funds of a period, posts at institutions, training days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from commlms import (
    Host,
    Levels,
    Metric,
    Places,
    Residents,
    Rows,
    choice,
    day,
    hookimpl,
    hundredths,
    identifier,
    people,
    period,
    record,
    ref,
    text,
    this,
)
from commlms.core.records import choice_of


@record("offices.fund", zh="经费", en="fund", identity=("code",))
class Fund:
    """Money of a place for a period, in hundredths."""

    code: str = identifier("经费编号", "fund code")
    place: str = ref("place", "地点", "place")
    period: str = period("所属时期", "period")
    origin: str | None = choice(
        "来源", "source", choice_of("government", "财政", "government"), choice_of("society", "社会", "society"), default=None)
    amount: int | None = hundredths("预算", "budgeted", default=None)


@record("offices.post", zh="岗位", en="post", identity=("code",))
class Post:
    """A post, at an institution or at a place of its own."""

    code: str = identifier("岗位编号", "post code")
    institution: str | None = ref("institution", "所在机构", "institution", default=None)
    place: str | None = ref("place", "所在地点", "place", default=None)
    role: str | None = text("角色", "role", default=None)
    persons: int | None = people("人数", "persons", default=None)
    since: dt.date | None = day("起", "since", default=None)
    until: dt.date | None = day("止", "until", default=None)


@record("offices.training", zh="培训", en="training", identity=("place", "title"))
class Training:
    """A training, whose day need not be known."""

    place: str = ref("place", "地点", "place")
    title: str = text("名称", "title")
    on: dt.date | None = day("日期", "date", default=None)
    reported: dt.date | None = day("上报日期", "reported on", default=None)


GOVERNMENT = Rows("offices.fund", where=this.origin.is_("government"), day="period", value="amount")
OWN = Rows("offices.fund", where=this.origin.is_("government"), day="period", value="amount", here=True)
POSTS = Rows("offices.post", where=this.role.in_("teacher", "worker"))
PERSONS = Rows("offices.post", value="persons")
ROLES = Rows("offices.post", distinct=("role",))
FUNDED = Rows("offices.fund", day="period", here=True)
TRAININGS = Rows("offices.training", day="on")
UNREPORTED = Rows("offices.training", day="on", open_until="reported")
NETWORK = Rows("institution", where=this.kind.in_("college", "school", "point"))
METRICS = (
    Metric("offices.government", "财政经费", "government funds", GOVERNMENT, Residents(), unit="row"),
    Metric("offices.own", "本级财政经费", "own government funds", OWN, unit="row"),
    Metric("offices.posts", "岗位", "posts", POSTS, unit="row"),
    Metric("offices.persons", "岗位人数", "persons in posts", PERSONS),
    Metric("offices.roles", "角色", "roles", ROLES, unit="row"),
    Metric("offices.trainings", "培训次数", "trainings", TRAININGS, unit="row"),
    Metric("offices.unreported", "未上报的培训", "trainings not reported", UNREPORTED, unit="row"),
    Metric(
        "offices.funded_townships", "自有经费的乡镇", "townships with funds of their own",
        Places("township", FUNDED.at_least(1)), Places("township"), unit="place"),
    Metric("offices.communities", "社区数", "communities", Places("village", kind="community"), unit="place"),
    Metric(
        "offices.staffed_communities", "有岗位的社区", "communities with a post",
        Places("village", POSTS.at_least(1), kind="community"), Places("village", kind="community"), unit="place"),
    Metric("offices.levels", "网络级数", "levels of the network", Levels(NETWORK), unit="level"),
)


class Plugin:
    """The registers and what is counted of them."""

    COMMLMS_API = 1

    @hookimpl
    def register_records(self) -> list[type]:
        """The three registers."""
        return [Fund, Post, Training]

    @hookimpl
    def register_metrics(self) -> list[Metric]:
        """What is counted."""
        return list(METRICS)


def host(**options: Any) -> Host:
    """The core with this plugin alone."""
    return Host(modules={"offices": Plugin()}, **options)
