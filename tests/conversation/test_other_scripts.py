"""Questions in scripts without spaces, and in Devanagari and Arabic, of documents in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from stook.answering.outcome import Outcome
from stook.identity.permissions import EVERYONE_MAY_READ
from stook.identity.principals import EVERYONE
from stook.knowledge.store.documents import SourceDocument
from stook.knowledge.text.sentences import sentences
from stook.runtime import open_runtime
from stook.settings import Settings
from tests.conversation.corpus import answer_to, ask

pytestmark = pytest.mark.whole

PAGES = {
    "ja": (
        "有給休暇は年に二十五日です。前年から繰り越した休暇は三月末に失効します。休暇は二週間前までに上司に申請してください。",
        "ノートパソコンが盗まれた場合は、一時間以内にセキュリティ窓口に電話してください。番号は0917です。",
        "出張の日当は一日八千円です。領収書は三十日以内に経理部に提出します。",
        "試用期間は六か月です。評価は四月に行われます。",
    ),
    "zh": (
        "每位员工每年有二十五天带薪休假。上一年结转的假期在三月底失效。休假须提前两周向主管申请。",
        "笔记本电脑被盗时,须在一小时内致电安全服务台。电话号码是0917。",
        "出差补贴为每天三百元。收据须在三十天内交给财务部。",
        "试用期为六个月。绩效评估在四月进行。",
    ),
    "th": (
        "พนักงานทุกคนมีวันหยุดพักร้อนยี่สิบห้าวันต่อปี "
        "วันหยุดที่ยกมาจากปีก่อนจะหมดอายุสิ้นเดือนมีนาคม ต้องขอลาล่วงหน้าสองสัปดาห์กับหัวหน้า",
        "หากโน้ตบุ๊กถูกขโมย ให้โทรหาฝ่ายความปลอดภัยภายในหนึ่งชั่วโมง หมายเลขคือ 0917",
        "เบี้ยเลี้ยงเดินทางคือวันละแปดร้อยบาท ต้องส่งใบเสร็จให้ฝ่ายบัญชีภายในสามสิบวัน",
        "ระยะทดลองงานคือหกเดือน การประเมินผลจัดขึ้นในเดือนเมษายน",
    ),
    "hi": (
        "हर कर्मचारी को साल में पच्चीस दिन की सवैतनिक छुट्टी मिलती है। "
        "पिछले साल की बची छुट्टी मार्च के अंत में समाप्त हो जाती है। "
        "छुट्टी के लिए दो सप्ताह पहले प्रबंधक से अनुमति लें।",
        "लैपटॉप चोरी होने पर एक घंटे के भीतर सुरक्षा डेस्क को फ़ोन करें। नंबर 0917 है।",
        "यात्रा का दैनिक भत्ता आठ सौ रुपये है। रसीदें तीस दिनों के भीतर लेखा विभाग को दें।",
        "परिवीक्षा अवधि छह महीने की है। मूल्यांकन अप्रैल में होता है।",
    ),
    "ar": (
        "لكل موظف خمسة وعشرون يوما من الإجازة المدفوعة في السنة. تنتهي الإجازة المرحلة من "
        "السنة السابقة في نهاية مارس. "
        "تطلب الإجازة من المدير قبل أسبوعين.",
        "إذا سرق الحاسوب المحمول فاتصل بمكتب الأمن خلال ساعة واحدة. الرقم هو 0917.",
        "البدل اليومي للسفر ثلاثمئة ريال. تسلم الإيصالات إلى قسم المحاسبة خلال ثلاثين يوما.",
        "فترة التجربة ستة أشهر. يجري التقييم في شهر أبريل.",
    ),
}
# Questions, each with what its answer holds; of the pages above, in their order.
ASKED = {
    "ja": [
        ("有給休暇は年に何日ありますか？", "二十五日"),
        ("繰り越した休暇はいつ失効しますか？", "三月末"),
        ("ノートパソコンが盗まれたらどうすればいいですか？", "セキュリティ窓口"),
        ("出張の日当はいくらですか？", "八千円"),
        ("領収書はいつまでに提出しますか？", "三十日以内"),
        ("試用期間はどのくらいですか？", "六か月"),
    ],
    "zh": [
        ("每年有多少天带薪休假？", "二十五天"),
        ("结转的假期什么时候失效？", "三月底"),
        ("笔记本电脑被盗了怎么办？", "安全服务台"),
        ("出差补贴是多少？", "三百元"),
        ("收据要在多长时间内交？", "三十天"),
        ("试用期有多长？", "六个月"),
    ],
    "th": [
        ("พนักงานมีวันหยุดพักร้อนกี่วันต่อปี", "ยี่สิบห้าวัน"),
        ("วันหยุดที่ยกมาหมดอายุเมื่อไร", "สิ้นเดือนมีนาคม"),
        ("ถ้าโน้ตบุ๊กถูกขโมยต้องทำอย่างไร", "ฝ่ายความปลอดภัย"),
        ("เบี้ยเลี้ยงเดินทางวันละเท่าไร", "แปดร้อยบาท"),
        ("ต้องส่งใบเสร็จภายในกี่วัน", "สามสิบวัน"),
        ("ระยะทดลองงานนานเท่าไร", "หกเดือน"),
    ],
    "hi": [
        ("साल में कितने दिन की सवैतनिक छुट्टी मिलती है?", "पच्चीस दिन"),
        ("बची छुट्टी कब समाप्त होती है?", "मार्च के अंत"),
        ("लैपटॉप चोरी होने पर क्या करें?", "सुरक्षा डेस्क"),
        ("यात्रा का दैनिक भत्ता कितना है?", "आठ सौ रुपये"),
        ("रसीदें कितने दिनों के भीतर देनी हैं?", "तीस दिनों"),
        ("परिवीक्षा अवधि कितनी है?", "छह महीने"),
    ],
    "ar": [
        ("كم يوما من الإجازة المدفوعة لكل موظف؟", "خمسة وعشرون"),
        ("متى تنتهي الإجازة المرحلة؟", "نهاية مارس"),
        ("ماذا أفعل إذا سرق الحاسوب المحمول؟", "مكتب الأمن"),
        ("كم البدل اليومي للسفر؟", "ثلاثمئة"),
        ("خلال كم يوما تسلم الإيصالات؟", "ثلاثين يوما"),
        ("كم مدة فترة التجربة؟", "ستة أشهر"),
    ],
}


@pytest.mark.parametrize("encoders", ["off", "auto"])
async def test_what_the_documents_hold_is_found(encoders: str, tmp_path: Path) -> None:
    """All pages are in one index, without and with the second encoder."""
    async with open_runtime(Settings(data_dir=tmp_path, multilingual=encoders)) as runtime:
        pages = [
            page(language, number, text)
            for language, texts in PAGES.items()
            for number, text in enumerate(texts)
        ]
        await runtime.ingestion.store_and_index(pages)
        for language, asked in ASKED.items():
            answers = [await answer_to(runtime, ask(question, EVERYONE)) for question, _ in asked]
            told = [
                (answer.outcome, expected in answer.text)
                for answer, (_, expected) in zip(answers, asked, strict=True)
            ]
            assert not any(outcome is Outcome.NOTHING for outcome, _ in told), (language, told)
            assert sum(held for _, held in told) >= 5, (language, told)


def page(language: str, number: int, text: str) -> SourceDocument:
    return SourceDocument(
        datasource=language,
        external_id=str(number),
        title="",
        url=f"https://pages.example/{language}/{number}",
        mime_type="text/plain",
        text=text,
        content_hash=f"{language}{number}",
        permissions=EVERYONE_MAY_READ,
    )


@pytest.mark.parametrize("language", ["ja", "zh", "hi", "ar"])
def test_their_sentences_are_cut(language: str) -> None:
    """Thai has no mark at the end of a sentence: only spaces, which stand within them, too."""
    assert [len(sentences(text)) for text in PAGES[language]] == [3, 2, 2, 2]
