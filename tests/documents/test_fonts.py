"""What can be drawn is drawn; what cannot is spelled out."""

from __future__ import annotations

from metstandard.common.settings import settings
from metstandard.documents import assets
from metstandard.documents.fonts import printable

FOLDERS = assets.folders()


def test_the_scripts_of_everyday_names_are_drawn() -> None:
    text = (
        "Ærø, Łódź, Ngũgĩ, Nguyễn, Ağaoğlu, Ελένη, Ольга, سلام, اردو, বাংলা, 简体中文, हिन्दी, ગુજરાતી, ਪੰਜਾਬੀ,"
        " ‘quotes’ – £5 → ✓"
    )
    assert printable(FOLDERS)(text) == text


def test_what_no_font_has_is_spelled_out_instead_of_an_empty_box() -> None:
    assert printable(FOLDERS)("well 🦄 done ꦗ") == "well [U+1F984] done [U+A997]"
    assert printable(FOLDERS)("private \ue123, no character \uffff") == "private [U+E123], no character [U+FFFF]"


def test_what_draws_nothing_is_left_out() -> None:
    assert printable(FOLDERS)("a\x00b\x07c\x1bd\x85e\tf\ng\U000e0041h") == "abcde\tf\ngh"


def test_each_bundled_font_has_its_licence_beside_it() -> None:
    folder = settings().templates / "documents" / "fonts"
    families = {file.stem.split("-")[0] for file in folder.glob("*.ttf")}
    assert families == {
        "DejaVuSans", "EBGaramond", "NotoNaskhArabic", "NotoSerifBengali", "NotoSerifDevanagari", "NotoSerifGujarati",
        "NotoSerifGurmukhi", "NotoSerifSC", "SourceSans3",
    }  # fmt: skip
    assert {file.stem.split("-")[0] for file in folder.glob("*.txt")} == families
