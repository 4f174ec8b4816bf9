"""What the tests of each resource share: one method for each thing that a resource promises."""

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from .samples import SAMPLES, Body, Ref
from .service_test import Reply, ServiceTest

UNKNOWN_ID = 999_999


def without(body: Body, *names: str) -> Body:
    """The body without these members."""
    return {name: value for name, value in body.items() if name not in names}


class ResourceTest(ServiceTest):
    """A test of the resource at `path`."""

    path: ClassVar[str]

    def setUp(self) -> None:
        super().setUp()
        self._ids: dict[tuple[str, int], int] = {}

    # Arrange

    def given(self, path: str, number: int) -> int:
        """The id of that sample, which is created when it is asked for the first time."""
        key = (path, number)
        if key not in self._ids:
            reply = self.send("POST", path, self.resolve(SAMPLES[path][number]))
            self.assertEqual(201, reply.status, reply.text)
            self._ids[key] = reply.json()["id"]
        return self._ids[key]

    def resolve(self, value: Any) -> Any:
        """The value with ids in place of what stands for them."""
        match value:
            case Ref(path, number):
                return self.given(path, number)
            case dict():
                return {name: self.resolve(member) for name, member in value.items()}
            case list():
                return [self.resolve(item) for item in value]
            case _:
                return value

    # Create, get, update, delete

    def check_create(self, body: Body, expected: Body | None = None) -> None:
        """POST answers 201 and says where the new one is; GET there says the same."""
        sent = self.resolve(body)
        reply = self.send("POST", self.path, sent)
        self.assertEqual(201, reply.status, reply.text)
        created = reply.json()
        self.assertEqual(f"{self.path}/{created['id']}", reply.headers["Location"])
        self.assert_holds({**sent, **(expected or {})}, created)
        self.assertEqual(created, self.send("GET", reply.headers["Location"]).json())

    def check_get(self) -> None:
        """GET by id answers 200 and the one with that id."""
        record_id = self.given(self.path, 0)
        reply = self.send("GET", f"{self.path}/{record_id}")
        self.assertEqual(200, reply.status, reply.text)
        self.assertEqual(record_id, reply.json()["id"])

    def check_update(self, body: Body) -> None:
        """PUT answers 200 and the new values; GET says the same."""
        target = f"{self.path}/{self.given(self.path, 0)}"
        sent = self.resolve(body)
        reply = self.send("PUT", target, sent)
        self.assertEqual(200, reply.status, reply.text)
        self.assert_holds(sent, reply.json())
        self.assertEqual(reply.json(), self.send("GET", target).json())

    def check_delete(self) -> None:
        """DELETE answers 204, and then there is nothing."""
        target = f"{self.path}/{self.given(self.path, 0)}"
        self.assertEqual(204, self.send("DELETE", target).status)
        self.assert_problem(404, self.send("GET", target))

    def check_not_found(self, method: str, body: Body | None = None) -> None:
        """An id that is not there answers 404."""
        target = f"{self.path}/{UNKNOWN_ID}"
        self.assert_problem(404, self.send(method, target, None if body is None else self.resolve(body)))

    # Lists

    def check_pages(self, count: int) -> None:
        """A list answers in pages, and says how many there are in all."""
        ids = [self.given(self.path, number) for number in range(count)]
        limit = max(1, count - 1)
        self.assert_list(ids[:limit], count, {"limit": limit, "offset": 0})
        self.assert_list(ids[limit:], count, {"limit": limit, "offset": limit})
        self.assert_problem(400, self.send("GET", f"{self.path}?limit=0"))

    def check_filter(self, field: str, value: Any) -> None:
        """A filter lets through those that have the value."""
        ids = [self.given(self.path, number) for number in (0, 1)]
        self.assert_list(ids[:1], 1, {field: self.resolve(value)})

    def check_sort(self, field: str, descending: Sequence[int]) -> None:
        """A list comes in the order of a field, both ways round."""
        ids = [self.given(self.path, number) for number in sorted(descending)]
        expected = [ids[number] for number in descending]
        self.assert_list(expected, len(ids), {"sort": f"-{field}"})
        self.assert_list(expected[::-1], len(ids), {"sort": field})
        self.assert_problem(400, self.send("GET", f"{self.path}?sort=nothing"))

    # Refusals

    def check_refusal(self, status: int, field: str, code: str, body: Body) -> None:
        """POST is refused, and the answer names the field and the code."""
        self.assert_error(status, field, code, self.send("POST", self.path, self.resolve(body)))

    def check_duplicate(self, field: str, body: Body) -> None:
        """POST of a value that is taken is refused."""
        self.given(self.path, 0)
        self.check_refusal(409, field, "duplicate", body)

    def check_update_refusal(self, status: int, number: int, field: str, code: str, body: Body) -> None:
        """PUT of a sample is refused, and the answer names the field and the code."""
        ids = [self.given(self.path, before) for before in range(number + 1)]
        reply = self.send("PUT", f"{self.path}/{ids[number]}", self.resolve(body))
        self.assert_error(status, field, code, reply)

    def check_delete_refusal(self, holder: str, body: Body) -> None:
        """DELETE is refused while something refers to it."""
        target = f"{self.path}/{self.given(self.path, 0)}"
        reply = self.send("POST", holder, self.resolve(body))
        self.assertEqual(201, reply.status, reply.text)
        self.assert_problem(409, self.send("DELETE", target))
        self.assertEqual(200, self.send("GET", target).status)

    def check_malformed(self) -> None:
        """What is not a JSON object is refused."""
        for content in (b'{"', b"[]", b"", b'{"a": NaN}', b"[" * 100_000, b"\xff"):
            with self.subTest(content=content[:10]):
                self.assert_problem(400, self.send_bytes("POST", self.path, content))

    # Assert

    def assert_holds(self, expected: Body, actual: Body) -> None:
        """Every expected member is there."""
        self.assertEqual(expected, {name: actual.get(name) for name in expected})

    def assert_list(self, ids: Sequence[int], total: int, query: dict[str, Any]) -> None:
        """A list holds just these, in this order."""
        texts = {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items()}
        reply = self.send("GET", f"{self.path}?{urlencode(texts)}")
        self.assertEqual(200, reply.status, reply.text)
        page = reply.json()
        self.assertEqual(list(ids), [item["id"] for item in page["items"]])
        self.assertEqual(total, page["total"])

    def assert_error(self, status: int, field: str, code: str, reply: Reply) -> None:
        """The answer is a problem with that code for that field."""
        self.assert_problem(status, reply)
        errors = [(error["field"], error["code"]) for error in reply.json()["errors"]]
        self.assertIn((field, code), errors)
