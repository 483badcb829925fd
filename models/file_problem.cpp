#include "models/file_problem.h"

#include "models/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <string_view>

namespace models {

namespace {

struct Known {
    std::string_view code;
    const char* words;
};

constexpr std::array kKnown{
    Known{"ENOSPC", QT_TRANSLATE_NOOP("models::fileProblem", "the disk is full")},
    Known{"EDQUOT", QT_TRANSLATE_NOOP("models::fileProblem", "your share of the disk is used up")},
    Known{"EFBIG", QT_TRANSLATE_NOOP("models::fileProblem", "it is larger than a file may be here")},
    Known{"EACCES", QT_TRANSLATE_NOOP("models::fileProblem", "you may not write there")},
    Known{"EPERM", QT_TRANSLATE_NOOP("models::fileProblem", "you may not write there")},
    Known{"EROFS", QT_TRANSLATE_NOOP("models::fileProblem", "this file system can be read only")},
    Known{"ENOENT", QT_TRANSLATE_NOOP("models::fileProblem", "its folder is not there")},
    Known{"ENOTDIR", QT_TRANSLATE_NOOP("models::fileProblem", "its folder is not there")},
    Known{"EISDIR", QT_TRANSLATE_NOOP("models::fileProblem", "there is a folder of this name")},
    Known{"EIO", QT_TRANSLATE_NOOP("models::fileProblem", "the disk does not answer as it should")},
};

} // namespace

QString fileProblem(const QString& path, const core::Error& error)
{
    const auto known =
        std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& one) { return one.code == error.code; });
    return known == kKnown.end() ? text(error.message)
                                 : path + QStringLiteral(": ") +
                                       QCoreApplication::translate("models::fileProblem", known->words);
}

} // namespace models
