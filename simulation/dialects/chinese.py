"""A Chinese hospital's export: gb18030, dates as 2026年11月21日, Chinese names above the contract's, codes for unknown.

What belongs here: this system's words. What does not: how the file is put together (spelled_csv.py).
"""

from simulation.dialects.dates import Dates
from simulation.dialects.delimited import Delimited
from simulation.dialects.spelled_csv import SpelledCsv
from simulation.dialects.spelling import Spelling

FORMS = {
    "dm": "人口学资料", "acr": "分类标准", "ie": "入排标准", "mh": "既往史", "sv": "访视", "vs": "生命体征",
    "ex": "输液记录", "sledai": "SLEDAI评分", "bilag": "BILAG评分", "pga": "医生总体评估", "lb": "实验室检查",
    "cm": "合并用药", "ae": "不良事件", "ds": "研究结束",
}  # fmt: skip

# What this system calls by a name of its own; all else it calls as the contract does.
COLUMNS = {
    "subjid": "受试者编号", "visit": "访视名称", "sex": "性别", "age": "年龄", "race": "种族", "height_cm": "身高",
    "vstestcd": "项目", "vsorres": "结果", "vsorresu": "单位", "exdose": "剂量",
    "cmtrt": "药物名称", "aeterm": "事件名称",
}  # fmt: skip

CODES = {
    "SEX": {"F": "女", "M": "男", "U": "未知"},
    "NY": {"Y": "是", "N": "否", "": "不详"},
    "CMDOSFRQ": {
        "ONCE": "一次",
        "QD": "每日1次",
        "BID": "每日2次",
        "TID": "每日3次",
        "QOD": "隔日1次",
        "QW": "每周1次",
    },
}

CHINESE = SpelledCsv(
    marks=Delimited(encoding="gb18030"),
    spelling=Spelling(
        dates=Dates(
            "%Y年%m月%d日", "%Y年%m月%d日 %H:%M", "%Y年%m月", "%Y年", frozenset({"date", "datetime", "partial_date"})
        ),
        codes=CODES,
        missing_text="ND",
    ),
    stems=FORMS,
    names=COLUMNS,
    above=lambda form, column: FORMS[form],
)
