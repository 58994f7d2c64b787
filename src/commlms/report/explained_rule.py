"""The rule behind a verdict in words: which document, why it is in force or not, what the sentence demands, of whom, when."""

from __future__ import annotations

from collections.abc import Iterator

from commlms.core.days import iso
from commlms.core.labels import Label
from commlms.core.pack_words import BASES, FORCES, LEVELS, READINGS, WINDOWS, word
from commlms.core.policies import Policy, Target
from commlms.measure.figures import Figures
from commlms.measure.shown import demand_words
from commlms.measure.words import stored_word
from commlms.report.explained_facts import Fact, fact
from commlms.report.source import Source


def rule_facts(source: Source, policy: Policy, target: Target, figures: Figures, day: int) -> tuple[Fact, ...]:
    """What is to be known of the sentence, in the order in which it is read."""
    return (*_document(source, policy, figures), *_force(source, policy, target, day), *_sentence(source, policy, target))


def _document(source: Source, policy: Policy, figures: Figures) -> Iterator[Fact]:
    title = policy.label
    yield fact("document", ("文件", "document"), f"{policy.id} {title.zh}（{policy.number}）", f"{policy.id} {title.en} ({policy.number})")
    yield fact("issuer", ("发文机关", "issued by"), policy.issuer.zh, policy.issuer.en)
    top = figures.geography.by_code(policy.jurisdiction, figures.period.last)
    name = figures.geography.name(top, figures.period.last) if top is not None else ""
    yield fact("jurisdiction", ("施行地", "binds in"), f"{policy.jurisdiction} {name}".strip())
    if policy.extends:
        said = _called(source, policy.extends)
        zh, en = f"{said.zh}：未另行规定的，从其规定", f"{said.en}: what this one does not say anew is as said there"
        yield fact("extends", ("依据", "extends"), zh, en)


def _called(source: Source, key: str) -> Label:
    """A loaded document by its title and number; its key where it is not loaded."""
    base = source.registry.policies.get(key)
    return Label(key, key) if base is None else Label(f"{base.label.zh}（{base.number}）", f"{base.label.en} ({base.number})")


def _force(source: Source, policy: Policy, target: Target, day: int) -> Iterator[Fact]:
    """Whether the rule is in force on the day judged from, and what makes it so."""
    for key, titles, when in (
        ("issued", ("成文", "issued"), policy.issued), ("published", ("公布", "published"), policy.published),
        ("effective", ("施行", "in force from"), policy.effective),
    ):
        if when is not None:
            yield fact(key, titles, iso(when))
    why = policy.out_of_force(day)
    if why is not None:
        yield fact("in_force", ("当日是否有效", "in force"), f"{iso(day)} 无效：{why.zh}", f"not on {iso(day)}: {why.en}")
    elif policy.repealed is None:
        yield fact(
            "in_force", ("当日是否有效", "in force"), f"{iso(day)} 有效：已施行，未载明废止，已载入的文件都不废止它",
            f"on {iso(day)}: it has taken effect, has no end of its own, and no loaded document repeals it")
    else:
        yield fact("in_force", ("当日是否有效", "in force"), f"{iso(day)} 有效", f"on {iso(day)}")
    if policy.repealed is not None:
        by = policy.repealed_by
        yield fact(
            "repealed", ("废止", "repealed"), f"{iso(policy.repealed)}{f'，由 {by}' if by else '，由文件自身载明'}",
            f"on {iso(policy.repealed)}, {f'by {by}' if by else 'as it says itself'}")
    if policy.repeals:
        zh = "、".join(f"{r.label.zh}（{r.number}）" if r.label else r.number for r in policy.repeals)
        en = ", ".join(f"{r.label.en} ({r.number})" if r.label else r.number for r in policy.repeals)
        yield fact("repeals", ("它废止", "it repeals"), zh, en)
    if target.inherited:
        said = _called(source, target.inherited)
        yield fact("inherited", ("原文出处", "words of"), f"{said.zh}，由本文件沿用", f"{said.en}, taken over by this document")


def _sentence(source: Source, policy: Policy, target: Target) -> Iterator[Fact]:
    yield fact("clause", ("条款", "clause"), target.clause)
    numberless = Label("没有可计算的数字", "no number that can be counted")
    asked = numberless if target.unit == "undefined" else demand_words(target)
    literal = (f"（{target.literal}）", f" ({target.literal})") if target.literal else ("", "")
    yield fact("demand", ("要求", "demand"), asked.zh + literal[0], asked.en + literal[1])
    if target.value_max is not None:
        met, short = ("仍算达到", "met all the same"), ("不算达到", "short")
        yield fact("beyond", ("超过上限", "above the range"), *(met if target.beyond == "met" else short))
    if target.basis:
        basis = word(BASES, target.basis)
        yield fact("basis", ("居民口径", "residents"), basis.zh, basis.en)
    force, reading = word(FORCES, target.force), word(READINGS, target.reading)
    yield fact("force", ("约束力", "force"), force.zh, force.en)
    yield fact("reading", ("读法", "reading"), reading.zh, reading.en)
    whom = _whom(source, policy, target)
    yield fact("whom", ("评判对象", "who is judged"), whom.zh, whom.en)
    when = _when(target)
    yield fact("when", ("时限", "when"), when.zh, when.en)
    yield from _conditions(source, policy, target)
    for key, titles, label in (
        ("note", ("说明", "note"), target.note), ("data", ("所需记录", "the record it asks for"), target.data),
        ("stated", ("以何为准", "judged by"), target.stated),
    ):
        if label is not None:
            yield fact(key, titles, label.zh, label.en)
    if target.req:
        yield fact("req", ("需求编号", "requirements"), "、".join(target.req), ", ".join(target.req))


def _whom(source: Source, policy: Policy, target: Target) -> Label:
    """Which places, or rows of a register at them, and whether each or all as one."""
    zh, en = list[str](), list[str]()
    for level in target.levels:
        zh.append(word(LEVELS, level).zh)
        en.append(word(LEVELS, level).en)
    for key, start in ((target.kind, ("类别为", "of kind ")), (target.without, ("不含", "without "))):
        if key:
            kind = stored_word("kind", key)
            zh.append(f"{start[0]}{kind.zh}")
            en.append(f"{start[1]}{kind.en}")
    region = policy.region(target.region) if target.region else None
    if region is not None:
        codes = ", ".join(region.places)
        zh.append(f"{region.label.zh}（{codes}）")
        en.append(f"{region.label.en} ({codes})")
    if target.subject:
        rows = _rows_of(source, target)
        zh.append(f"其每一条{rows.zh}")
        en.append(f"each {rows.en} there")
    else:
        zh.append("合并评判" if target.together else "逐个评判")
        en.append("judged as one" if target.together else "each by itself")
    return Label("，".join(zh), ", ".join(en))


def _rows_of(source: Source, target: Target) -> Label:
    record = source.registry.records.get(target.subject)
    name = record.label if record else Label(target.subject, target.subject)
    choices = {c.key: c.label for f in (record.fields if record else ()) if f.name == "kind" for c in f.choices}
    roles = [choices.get(r, Label(r, r)) for r in target.roles]
    if not roles:
        return Label(f"登记「{name.zh}」", name.en)
    return Label(f"登记「{name.zh}」（{'、'.join(r.zh for r in roles)}）", f"{name.en} ({' or '.join(r.en for r in roles)})")


def _when(target: Target) -> Label:
    zh, en = list[str](), list[str]()
    if target.due is not None:
        zh.append(f"到 {iso(target.due)}")
        en.append(f"by {iso(target.due)}")
    if target.standing:
        zh.append("长期")
        en.append("standing")
    if target.every:
        zh.append("每年")
        en.append("every year")
    if target.start is not None:
        zh.append(f"自 {iso(target.start)} 起")
        en.append(f"from {iso(target.start)} on")
    if target.standing and target.window == "year":
        return Label(f"{'，'.join(zh)}；按评判日的情况", f"{', '.join(en)}; judged by what is in force on the day")
    window = word(WINDOWS, target.window)
    return Label(f"{'，'.join(zh)}；按{window.zh}的数字", f"{', '.join(en)}; judged by the figure of {window.en}")


def _conditions(source: Source, policy: Policy, target: Target) -> Iterator[Fact]:
    """What else bears on it: conditions, demands that count together, the sentence it stands in, where its number is said."""
    metrics, targets = source.registry.metrics, {t.id: t for p in source.registry.policies.values() for t in p.targets}
    if target.when:
        said = [(metrics[w.metric].label if w.metric in metrics else Label(w.metric, w.metric), w.count) for w in target.when]
        yield fact(
            "condition", ("条件", "condition"), "；".join(f"{m.zh} ≥ {n}（本地自身）" for m, n in said),
            "; ".join(f"{m.en} ≥ {n}, of the place itself" for m, n in said))
    for key, titles, ids in (
        ("joined", ("与之合并取大", "counts as one maximum with"), target.joined),
        ("nested_in", ("属于", "part of"), (target.nested_in,) if target.nested_in else ()),
        ("value_of", ("数值见", "its number is that of"), (target.value_of,) if target.value_of else ()),
    ):
        if ids:
            named = [(i, targets[i].label if i in targets else Label("", "")) for i in ids]
            yield fact(key, titles, "；".join(f"{i} {x.zh}".strip() for i, x in named), "; ".join(f"{i} {x.en}".strip() for i, x in named))
    against = [c for p in source.registry.policies.values() for c in p.conflicts if target.id in c.targets]
    if against:
        zh, en = "；".join(f"{c.id} {c.label.zh}" for c in against), "; ".join(f"{c.id} {c.label.en}" for c in against)
        yield fact("conflicts", ("与之抵触", "in conflict"), zh, en)
