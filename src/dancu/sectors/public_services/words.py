"""The English of this app's texts."""

from __future__ import annotations

EN = {
    "Chỉ được yêu cầu bổ sung một lần; hãy xử lý, hoặc dừng với căn cứ pháp lý.": "Papers can be asked for once; handle it, or stop with the legal basis.",
    "Chọn cơ quan nhận hồ sơ.": "Choose the agency that takes the dossier over.",
    "Chọn ngày hẹn mới.": "Choose the new day.",
    "Ghi căn cứ pháp lý.": "State the legal basis.",
    "Ghi rõ giấy tờ cần bổ sung, trong một lần.": "Name the papers to be handed in, all at once.",
    "Chỉ người đã nhận hoặc đã trình mới rút lại được.": "Only who took it up or submitted it can take that back.",
    "Hồ sơ chỉ được gia hạn một lần.": "A dossier is extended once only.",
    "Hồ sơ đang ở trạng thái «%(status)s», không thực hiện được «%(action)s».": "The dossier is in the status “%(status)s”: “%(action)s” is not possible.",
    "Hồ sơ đã có người khác xử lý sau khi bạn mở. Xem lại rồi làm tiếp.": "Somebody else has acted on the dossier since you opened it. Look again, then go on.",
    "Ngày hẹn mới phải sau ngày %(day)s.": "The new day must come after %(day)s.",
    "Người ký phải khác người trình; hồ sơ cần được trình ký trước.": "Who signs must be another than who submitted; the dossier must be submitted first.",
    "Thao tác này không dành cho vai trò của bạn.": "This action is not for your role.",
    "Văn bản xin lỗi phải có trước hạn trả ít nhất %(n)s ngày; đã quá thì đánh dấu «xin lỗi muộn».": "An apology comes at least %(n)s day(s) before the due day; when that is over, mark it as late.",
}
