"""What the system says of a file, in our words: its own come in one language, and not in ours."""

import errno
from pathlib import Path
from typing import Final

from ledger.language import Text
from ledger.values import Invalid

_REASONS: Final = {
    errno.ENOENT: Text("文件或文件夹不存在", "no such file or folder"),
    errno.EACCES: Text("没有权限，或正被其他程序占用", "no permission, or in use by a program"),
    errno.EPERM: Text("没有权限", "no permission"),
    errno.EISDIR: Text("是文件夹，不是文件", "it is a folder, not a file"),
    errno.ENOTDIR: Text("路径中有一段不是文件夹", "part of the path is not a folder"),
    errno.EEXIST: Text("已存在", "it exists already"),
    errno.ENOSPC: Text("磁盘空间不足", "no space left on the disk"),
    errno.EDQUOT: Text("磁盘配额已用完", "the disk quota is used up"),
    errno.EFBIG: Text("文件超过系统容许的大小", "the file is larger than the system allows"),
    errno.EROFS: Text("磁盘为只读", "the disk is read-only"),
    errno.ENAMETOOLONG: Text("名称过长", "the name is too long"),
    errno.ELOOP: Text("是链接", "it is a link"),
    errno.EIO: Text("磁盘读写错误", "disk error"),
    errno.EMFILE: Text("打开的文件过多", "too many open files"),
    errno.EAGAIN: Text("须等待，未写入", "it would have to wait"),
}


def reason(error: OSError) -> Text:
    """Why the system refused, with its number where we have no words for it."""
    number = error.errno or 0
    return _REASONS.get(number) or Text(f"系统错误 {number}", f"system error {number}")


def cannot_read(path: Path | str, error: OSError) -> Invalid:
    """The message for a file that cannot be read."""
    why = reason(error)
    return Invalid(
        f"{path}：无法读取（{why.zh}）。请检查路径和权限。",
        f"{path}: cannot be read ({why.en}). Check the path and the permissions.",
    )


def cannot_write(path: Path | str, error: OSError) -> Invalid:
    """The message for a file that cannot be written."""
    why = reason(error)
    return Invalid(
        f"{path}：无法写入（{why.zh}）。请检查路径、权限和磁盘空间。",
        f"{path}: cannot be written ({why.en}). Check the path, the permissions and the disk.",
    )
