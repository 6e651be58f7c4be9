"""What there was before: in the history of a repository, in a registry, in a folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contracts.check.git_repository import GitRepository
from tests.contracts.check.order_files import ID, TOTAL, Load, contract, record

from accord.client import ConfigChange, Registry
from accord.contracts.check import Baseline, check
from accord.contracts.check.opening import default_against, open_baseline
from accord.contracts.check.registry_baseline import RegistryBaseline
from accord.contracts.git import GitTree
from accord.contracts.loading import load
from accord.contracts.model import Project
from accord.contracts.tree import Folder
from accord.errors import ConfigurationError
from accord.schemas import CompatibilityLevel, Metadata, ParsedSchema, Reference, Schema, Subject, Version
from accord.testing.loopback import registry as loopback

SUBJECT = Subject("orders.created-value")


def no_registry(name: str) -> Registry:
    raise AssertionError(name)


def opened(folder: Path, against: str) -> tuple[Project, Baseline]:
    tree = Folder(folder)
    project = load(tree)
    return project, open_baseline(against, project, tree, registry=no_registry)


@pytest.fixture(scope="module")
def registry() -> Iterator[Registry]:
    with loopback() as running, running.client() as client:
        yield client


def test_a_branch_is_compared_with_as_it_was_where_ours_left_it(repository: GitRepository) -> None:
    repository.write("shop/OrderCreated.avsc", record(ID, ("total", "string")))
    project, baseline = opened(repository.folder, "git:main")
    [newest] = baseline.past(SUBJECT, every=False).earlier
    assert newest.words == "shop/OrderCreated.avsc at git:main"
    assert newest.schema.canonical == load_at(repository, "v2").canonical
    result = check(project, baseline)
    assert [finding.rule for finding in result.findings] == ["AVRO_TYPE_CHANGED"]


def load_at(repository: GitRepository, ref: str) -> ParsedSchema:
    return load(GitTree(repository.folder, ref)).schemas[SUBJECT].parsed


def test_the_history_counts_for_transitive_levels(repository: GitRepository) -> None:
    repository.write("shop/orders.odcs.yaml", contract("compatibility: BACKWARD_TRANSITIVE"))
    repository.write("shop/OrderCreated.avsc", record(ID, TOTAL, ("note", "string")))
    project, baseline = opened(repository.folder, "git:main^0")
    earlier = baseline.past(SUBJECT, every=True).earlier
    assert [one.version for one in earlier] == [1, 2, 3]
    assert earlier[-1].words == "shop/OrderCreated.avsc at git:main^0"
    result = check(project, baseline)
    # The newest has `note`, and the two before it have not: only they are in the way.
    assert {(one.rule, one.version) for one in result.findings} == {
        ("AVRO_FIELD_WITHOUT_DEFAULT", 1), ("AVRO_FIELD_WITHOUT_DEFAULT", 2),
    }  # fmt: skip


def test_the_history_of_a_file_goes_on_where_it_had_another_name(repository: GitRepository) -> None:
    repository.git("mv", "shop/OrderCreated.avsc", "shop/Placed.avsc")
    moved = contract("compatibility: BACKWARD_TRANSITIVE", file="Placed.avsc")
    repository.commit("Move", **{"shop/orders.odcs.yaml": moved})
    repository.write("shop/Placed.avsc", record(ID, ("total", "long"), ("note", "string")))
    _, baseline = opened(repository.folder, "git:work")
    earlier = baseline.past(SUBJECT, every=True).earlier
    assert [one.words.partition(" at ")[0] for one in earlier] == [
        "shop/OrderCreated.avsc",
        "shop/Placed.avsc",
    ]


def test_the_history_has_what_a_file_refers_to_as_it_was_then(repository: GitRepository) -> None:
    customer = record(("city", "int"), name="Customer")
    order = record(ID, ("customer", "shop.Customer"))
    repository.commit(
        "A", **{"c/Customer.avsc": customer, "c/Basket.avsc": order.replace("OrderCreated", "Basket")}
    )
    repository.commit("B", **{"c/Customer.avsc": customer.replace('"int"', '"long"')})
    _, baseline = opened(repository.folder, "git:work")
    texts = [
        one.schema.formatted("resolved") for one in baseline.past(Subject("Basket-value"), every=True).earlier
    ]
    assert ['"int"' in text for text in texts] == [True, False]


def test_what_was_no_schema_once_is_left_out_and_told(repository: GitRepository) -> None:
    repository.commit("Slip", **{"shop/OrderCreated.avsc": "{"})
    repository.commit("Mend", **{"shop/OrderCreated.avsc": record(ID)})
    _, baseline = opened(repository.folder, "git:work")
    past = baseline.past(SUBJECT, every=True)
    assert len(past.earlier) == 3
    assert past.notes == (
        f"{SUBJECT}: 1 earlier state of shop/OrderCreated.avsc is no valid schema and was left out",
    )


def test_a_raised_level_looks_back_although_the_schema_is_the_same(repository: GitRepository) -> None:
    slip = record(ID, ("total", "string"))
    repository.commit("Slip", **{"shop/OrderCreated.avsc": slip})
    repository.write("shop/orders.odcs.yaml", contract("compatibility: BACKWARD_TRANSITIVE"))
    project, baseline = opened(repository.folder, "git:work")
    assert {one.rule for one in check(project, baseline).findings} == {"AVRO_TYPE_CHANGED"}


def test_another_folder_is_as_good_as_a_commit(repository: GitRepository, tmp_path: Path) -> None:
    place = tmp_path / "beside"
    repository.git("worktree", "add", "--quiet", str(place), "main")
    project, baseline = opened(repository.folder, f"dir:{place}")
    assert baseline.name == f"dir:{place}"
    result = check(project, baseline)
    assert [one.state for one in result.subjects if one.file.subject == SUBJECT] == ["changed"]
    assert result.compatible


def test_a_registry_knows_versions_and_levels(registry: Registry, loaded: Load) -> None:
    files = {"A.avsc": record(ID, TOTAL, ("email", "string"), name="A")}
    registry.register("A-value", Schema(record(ID, ("total", "int"), name="A")))
    registry.register("A-value", Schema(record(ID, TOTAL, ("email", "string", ""), name="A")))
    baseline = RegistryBaseline(registry, "registry prod")
    assert [one.words for one in baseline.past(Subject("A-value"), every=False).earlier] == [
        "version 2 (registry prod)"
    ]
    assert check(loaded(files), baseline).compatible
    registry.set_compatibility("A-value", CompatibilityLevel.BACKWARD_TRANSITIVE)
    result = check(loaded(files), RegistryBaseline(registry, "registry prod"))
    assert [(one.rule, one.version) for one in result.findings] == [("AVRO_FIELD_WITHOUT_DEFAULT", 1)]
    assert result.subjects[0].level is CompatibilityLevel.BACKWARD_TRANSITIVE


def test_the_level_of_a_contract_counts_before_the_registrys(registry: Registry, loaded: Load) -> None:
    registry.register(SUBJECT, Schema(record(ID)))
    registry.set_compatibility(SUBJECT, CompatibilityLevel.FULL)
    now = {"OrderCreated.avsc": record(ID, TOTAL), "a.odcs.yaml": contract("compatibility: FORWARD")}
    result = check(loaded(now), RegistryBaseline(registry, "registry prod"))
    assert result.subjects[0].level is CompatibilityLevel.FORWARD
    assert result.compatible


def test_what_the_registry_has_already_has_not_changed(registry: Registry, loaded: Load) -> None:
    customer, order = (
        record(("city", "int"), name="Customer"),
        record(ID, ("customer", "shop.Customer"), name="Cart"),
    )
    registry.register("Customer-value", Schema(customer))
    reference = Reference("shop.Customer", Subject("Customer-value"), Version(1))
    registry.register("Cart-value", Schema(order, references=(reference,)))
    files = {"Customer.avsc": customer, "Cart.avsc": order}
    result = check(loaded(files), RegistryBaseline(registry, "registry prod"))
    assert [one.state for one in result.subjects] == ["unchanged", "unchanged"]


def test_only_versions_of_the_same_group_are_compared(registry: Registry, loaded: Load) -> None:
    registry.set_config("G-value", ConfigChange(compatibility_group="major"))
    one, two = (Metadata(properties={"major": number}) for number in ("1", "2"))
    registry.register("G-value", Schema(record(ID, name="G"), metadata=one))
    registry.register("G-value", Schema(record(("order_id", "long"), name="G"), metadata=two))
    baseline = RegistryBaseline(registry, "registry prod")
    assert baseline.past(Subject("G-value"), every=True).earlier == ()
    registry.set_config("G-value", ConfigChange(default_metadata=one))
    baseline = RegistryBaseline(registry, "registry prod")
    assert [found.version for found in baseline.past(Subject("G-value"), every=True).earlier] == [1]
    assert check(loaded({"G.avsc": record(ID, TOTAL, name="G")}), baseline).compatible is False


@pytest.mark.parametrize("against", ["main", "git:", "svn:trunk", ""])
def test_what_names_nothing_to_compare_with_is_refused(repository: GitRepository, against: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        opened(repository.folder, against)
    assert "git:REF" in refused.value.hint


def test_a_folder_that_is_none_is_refused(repository: GitRepository) -> None:
    with pytest.raises(ConfigurationError, match="is no folder"):
        opened(repository.folder, "dir:nowhere")


def test_without_a_word_the_base_of_the_pull_request_or_the_default_branch_is_meant(
    repository: GitRepository, tmp_path: Path
) -> None:
    assert default_against(repository.folder, "release") == "git:release"
    assert default_against(repository.folder, None) == "git:main"
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", str(repository.folder), str(clone))
    assert default_against(clone, "main") == "git:origin/main"
    assert default_against(clone, None) == "git:origin/work"
    repository.git("branch", "-m", "main", "trunk")
    with pytest.raises(ConfigurationError, match="nobody said"):
        default_against(repository.folder, None)


def test_what_is_asked_for_all_subjects_at_once_is_what_each_would_get(
    registry: Registry, loaded: Load
) -> None:
    files = {
        f"{name}.avsc": record(ID, ("total", "string"), name=name) for name in ("Known", "Strict", "Fresh")
    }
    for name in ("Known", "Strict"):
        registry.register(f"{name}-value", Schema(record(ID, TOTAL, name=name)))
    registry.set_compatibility("Known-value", CompatibilityLevel.NONE)
    project = loaded(files)
    alone = check(project, RegistryBaseline(registry, "registry prod"))
    together = check(project, RegistryBaseline(registry, "registry prod", project.schemas))
    assert together.findings == alone.findings
    assert {one.file.subject: (one.state, one.level) for one in together.subjects} == {
        "Known-value": ("changed", CompatibilityLevel.NONE),
        "Strict-value": ("changed", CompatibilityLevel.BACKWARD),
        "Fresh-value": ("new", CompatibilityLevel.BACKWARD),
    }
    assert [finding.subject for finding in together.findings] == ["Strict-value"]
