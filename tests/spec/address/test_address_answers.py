"""What the matcher answers for one address: a table a clerk can read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dancu.formats import address
from dancu.formats.errors import FormatError

JUNE_2024 = date(2024, 6, 21)
LATE_2025 = date(2025, 12, 1)

ONE = [  # text, code, what is left over
    ("Số 5 ngõ 2, X.Thanh Vân, H.Hiệp Hòa, T.Bắc Giang", "07816", "Số 5 ngõ 2"),
    ("HyệnĐại Lộc,TỉnhQuảng Nam", "506", ""),
    ("Lục Nam, Bắc Giang", "218", ""),
    ("Tp. Bắc Ninh, Bắc Ninh", "256", ""),
    ("xã Nghĩa Phương, huyện Lục Ngạn, tỉnh Bắc Giang", "07486", ""),
    ("phường Lê Lợi, TP Bắc Giang, Bắc Giang (nay là Phường Bắc Giang)", "07219", ""),
    ("TP.HồChíMinh", "79", ""),
    ("P.1, Q.3, TP.HồChíMinh", "27160", ""),
    ("Phường 01, Quận 3, TP HCM", "27160", ""),
    ("thôn Đông Tiến, Thụy Hòa, Yên Phong, Bắc Ninh", "09208", "thôn Đông Tiến"),
    ("Xã Quế-Nham, Huyện Tân-Yên, Tỉnh Bắc-Giang", "07366", ""),
    ("xã-lai-vung, tỉnh-đồng-tháp", "30226", ""),
    ("sa thay town, sa thay district, kon tum province, vietnam", "23527", ""),
    ("Xã/Phường: Quế Nham, Quận/Huyện: Tân Yên, Tỉnh/TP: Bắc Giang", "07366", ""),
    ("Xã: Than Uyên; Tỉnh: Lai Châu", "03595", ""),
    ("tỉnh: Quảng Trị xã: Hải Lăng", "19702", ""),
    ("Phường VIII, Quận 11, Thành phố Hồ Chí Minh", "27229", ""),
    ("Phường 4, TP. Vị Thanh, Hậu Giang", "31324", ""),  # its name is written Phường IV
    ("Ward 12, Tan Binh District, Ho Chi Minh City, Vietnam", "26971", ""),
    ("Hong Bang Ward, Hai Phong City, Vietnam", "11311", ""),
    ("Xã Cà Ná (Huyện Thuận Nam, Tỉnh Ninh Thuận)", "22910", ""),
    ("phường ninh xá thuận thành bắc ninh", "09445", ""),
    (
        "Thôn Hợp Tiến, Xã Hoa Đào Mới, Huyện Sơn Động, Tỉnh Bắc Giang",
        "220",
        "Thôn Hợp Tiến, Xã Hoa Đào Mới",
    ),
    ("xã lương thế trân cái nước cà mau", "32131", ""),
    ("P11 t.phố Đà Lạt, t.Lâm Đồng", "24799", ""),
    ("xã Xã Vĩnh Lợi, thành phố Thành phố Cần Thơ", "31777", "xã"),
    ("Cao Thượng (Xã), Tân Yên, Bắc Giang", "07339", ""),
    ("phường Bắc Giang, thành phố Bắc Ninh", "07210", ""),
    ("Thị trấn Neo, Yên Dũng, Bắc Giang", "07681", ""),
    ("Xã Cẩm Lý, Tỉnh Bắc Ninh (xã Vũ Xá, huyện Lục Nam, tỉnh Bắc Giang cũ)", "07519", ""),
]


@pytest.mark.parametrize(("text", "code", "head"), ONE)
def test_a_text_that_names_one_unit(text: str, code: str, head: str) -> None:
    found = address.parse(text)
    assert (found.code, found.head, found.reason) == (code, head, "found")
    assert 0.6 <= found.score <= 1.0


def test_a_name_shared_by_two_eras_stays_ambiguous_with_both() -> None:
    found = address.parse("Xã Đông Phú, Bắc Giang")
    assert found.code == "07453"  # of Lục Nam until June 2025; the new one lies in Bắc Ninh
    shared = address.parse("Xã Sông Lô, Phú Thọ")
    assert shared.reason == "ambiguous" and shared.code is None
    assert len({c.code for c in shared.candidates}) == len(shared.candidates) > 1


def test_a_day_chooses_between_readings_of_equal_score() -> None:
    assert address.parse("Xã Sông Lô, Phú Thọ", on=JUNE_2024).code == "07936"
    assert address.parse("Xã Sông Lô, Phú Thọ", on=LATE_2025).code == "08848"


def test_the_eras_of_an_answer_are_the_states_that_write_it_so() -> None:
    assert address.parse("Xã Thanh Vân, Huyện Hiệp Hòa, Bắc Giang").eras == (date(2024, 5, 1),)
    assert address.parse("Phường Bích Động, TX Việt Yên, Bắc Giang").eras == (
        date(2024, 5, 1),
        date(2025, 1, 1),
    )


def test_a_given_province_stands_in_for_a_missing_one() -> None:
    assert address.parse("xã Giáo Liêm", province="Bắc Giang").code == "07636"


NONE = ["", "   ", "Không rõ", "0912345678", "Nguyễn Văn A", "!!!", "Hoa Kỳ"]


@pytest.mark.parametrize("text", NONE)
def test_a_text_without_a_place_gives_nothing_and_says_so(text: str) -> None:
    found = address.parse(text)
    assert (found.code, found.candidates) == (None, ())
    assert found.reason == ("empty" if not text.strip() else "not_found")


REFUSED = [
    ("", "empty"),
    ("Không rõ", "not_found"),
    ("Xã Tân Sơn", "ambiguous"),
    ("Huyện Lục Nam, Bắc Giang", "no_commune"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_an_address_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(FormatError) as caught:
        address.validate(text)
    assert caught.value.reason == reason


def test_columns_come_in_the_order_of_the_texts() -> None:
    got = address.parse_many(["Thôn 3, Mỹ An, Lục Ngạn, Bắc Giang", "?", "Xã Tân Sơn"])
    assert got["commune_code"] == ["07600", None, None]
    assert got["era"] == ["2024-05-01", None, None]
    assert got["head"][0] == "Thôn 3"
    assert got["n_candidates"][1] == 0 and got["n_candidates"][2] > 1
    assert got["reason"] == ["found", "not_found", "ambiguous"]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=60) | st.text(alphabet="XãHuyệnTỉnh ,.-()0123456789BắcGiang", max_size=60))
def test_any_text_is_answered_and_the_head_is_part_of_it(text: str) -> None:
    found = address.parse(text)
    assert found.reason in ("found", "ambiguous", "empty", "not_found")
    assert 0.0 <= found.score <= 1.0
    assert len({c.score for c in found.candidates}) <= 2
    assert address.compact(address.compact(text)) == address.compact(text)
