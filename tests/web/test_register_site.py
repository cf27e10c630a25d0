"""The register's tables in the site's database: loaded, and closed to the pages' role outside its territory."""

from __future__ import annotations

from tests.web.register import RegisterSite


def test_the_register_is_loaded(register_site: RegisterSite) -> None:
    ((people, units),) = register_site.ask(
        "SELECT count(*), count(DISTINCT unit_code) FROM register.person"
    )
    assert people > 1000 and units == len(register_site.communes)
    assert register_site.citizen(register_site.communes[0])
