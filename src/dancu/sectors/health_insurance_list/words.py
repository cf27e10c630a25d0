"""The English of this app's texts."""

from __future__ import annotations

EN = {
    "Chưa có trẻ nào": "No child yet",
    "Chỉ hiện các dòng mới nhất.": "Only the latest are shown.",
    "Căn cứ": "Ground",
    "Ghi ngày": "Entered on",
    "Trẻ chưa có trong sổ dân cư nên chưa ghi được vào danh sách bảo hiểm y tế.": "The child is not in the register yet, so it cannot be put on the list of the insured.",
    "Trẻ có bảo hiểm y tế": "Insured children",
    "Trẻ vào danh sách khi hồ sơ cấp thẻ được ký. Mở một dòng thì thấy tên trẻ và lần xem được ghi lại.": "A child comes on the list when the dossier of its card is signed. Opening a line shows the name, and the look is recorded.",
    "Trẻ vào danh sách từ hồ sơ liên thông khai sinh.": "Children come from linked births.",
    "Trẻ đã đủ 6 tuổi, không thuộc danh sách trẻ em dưới 6 tuổi.": "The child is 6 years old and does not belong on this list.",
    "trẻ dưới 6 tuổi của xã bạn": "children under 6 of your commune",
    "Đến hết ngày": "Until",
    "Được hưởng từ": "From",
}
