#include "widgets/save_file.h"

#include "monitor/core/canceled.h"

#include <QCoreApplication>
#include <QSaveFile>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace widgets {

namespace {

// QSaveFile tells errors in words only; those are qt_error_string()'s.
std::string codeOf(const QString& words)
{
    constexpr std::array kMet{ENOSPC, EDQUOT, EFBIG, EACCES, EPERM, EROFS, ENOENT, ENOTDIR, EISDIR, EIO};
    for (const int error : kMet) {
        if (words == qt_error_string(error)) {
            return strerrorname_np(error);
        }
    }
    return {};
}

core::Unexpected<core::Error> problemOf(const QSaveFile& file)
{
    return core::fail(QString(file.fileName() + QStringLiteral(": ") + file.errorString()).toStdString(),
                      codeOf(file.errorString()));
}

} // namespace

core::Result<void> writeWhole(const QString& path, const FileMaker& make, const std::stop_token& stop,
                              const std::function<void(double share)>& progress)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) {
        return problemOf(file);
    }
    bool written = true;
    const bool made = make([&](const QByteArray& piece, double share) {
        written = written && file.write(piece) == piece.size();
        progress(share);
        return written && !stop.stop_requested();
    });
    if (stop.stop_requested()) {
        file.cancelWriting();
        return core::canceled();
    }
    if (written && !made) {
        file.cancelWriting();
        return core::fail(
            QCoreApplication::translate("widgets::saveFile", "there is not enough memory to make it")
                .toStdString(),
            "NOMEM");
    }
    // Qt 6.4's commit() takes no notice when its own last flush fails: on a full disk it put an empty file in the old one's
    // place.
    written = written && file.flush();
    return written && file.commit() ? core::Result<void>() : problemOf(file);
}

void runFileWork(const QString& path, FileWork work, QWidget* from,
                 std::function<void(const QString& told)> told)
{
    auto* job = new FileJob(std::move(work), path, from);
    QObject::connect(job, &FileJob::finished, from,
                     [path, told = std::move(told)](const FileEnd& end) { told(toldOf(end, path)); });
}

void saveFile(const QString& path, FileMaker make, QWidget* from,
              std::function<void(const QString& told)> told)
{
    runFileWork(
        path,
        [path, make = std::move(make)](const std::stop_token& stop,
                                       const std::function<void(double share)>& progress) {
            return writeWhole(path, make, stop, progress);
        },
        from, std::move(told));
}

} // namespace widgets
