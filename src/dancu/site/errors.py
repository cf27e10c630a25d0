"""Error pages: what happened, what to do, and nothing about anybody. They ask the database nothing."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

from dancu.platform.access.pages import public
from dancu.platform.access.rights import Refused


def _page(request: HttpRequest, status: int, title: str, told: str, then: str) -> HttpResponse:
    context = {"status": status, "title": title, "told": told, "then": then}
    if request.headers.get("Accept", "").startswith("application/json"):
        body = loader.render_to_string("error.txt", context)
        return HttpResponse(body, status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(loader.render_to_string("error.html", context), status=status)


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _page(
        request, 400, _("Yêu cầu không đọc được"),
        _("Máy chủ không hiểu yêu cầu này, nên không làm gì."),
        _("Quay lại trang trước, tải lại trang rồi làm lại."),
    )  # fmt: skip


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason that the right's check gave."""
    reason = str(exception) if isinstance(exception, Refused) else _("Bạn không có quyền mở trang này.")  # fmt: skip
    return _page(
        request, 403, _("Không có quyền"), reason,
        _("Nếu công việc cần đến, hãy đề nghị người quản trị giao quyền, hoặc xin truy cập ngoài địa bàn."),
    )  # fmt: skip


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _page(
        request, 404, _("Không có trang này"),
        _("Địa chỉ sai, hoặc nội dung đã được chuyển đi."),
        _("Kiểm tra địa chỉ, hoặc đi từ trang chủ."),
    )  # fmt: skip


@public
def too_large(request: HttpRequest) -> HttpResponse:
    """413, told before the body is read."""
    most = settings.UPLOAD_MOST // 1_000_000
    return _page(
        request, 413, _("Tệp quá lớn"),
        _("Trang này nhận mỗi lần tối đa {most} MB. Chưa có gì được tải lên.").format(most=most),
        _("Chia danh sách thành nhiều tệp, hoặc nhờ người quản trị nạp tệp tại máy chủ (dancu run)."),
    )  # fmt: skip


@public
def no_length(request: HttpRequest) -> HttpResponse:
    """411: without its size a body cannot be refused before it is read."""
    return _page(
        request, 411, _("Yêu cầu không đọc được"),
        _("Phần mềm gửi dữ liệu không cho biết độ dài, nên máy chủ không nhận."),
        _("Gửi lại kèm độ dài (Content-Length)."),
    )  # fmt: skip


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """500: nothing was saved, since the request was one transaction."""
    return _page(
        request, 500, _("Hệ thống gặp lỗi"),
        _("Thao tác vừa rồi chưa được lưu. Lỗi đã được ghi lại, không kèm dữ liệu cá nhân."),
        _("Thử lại sau ít phút. Nếu vẫn lỗi, báo cho bộ phận hỗ trợ kèm giờ xảy ra."),
    )  # fmt: skip


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our page, or from a page left open too long."""
    del reason
    return _page(
        request, 403, _("Biểu mẫu đã hết hạn"),
        _("Trang đã mở quá lâu hoặc được gửi từ nơi khác, nên dữ liệu chưa được nhận."),
        _("Quay lại, tải lại trang rồi gửi lại."),
    )  # fmt: skip


@public
def offline(request: HttpRequest) -> HttpResponse:
    """What a service worker shows with the line down."""
    return _page(
        request, 200, _("Đang mất kết nối"),
        _("Máy này chưa nối được tới máy chủ. Nội dung bạn đã lưu trên máy vẫn còn."),
        _("Kiểm tra mạng rồi tải lại trang."),
    )  # fmt: skip
