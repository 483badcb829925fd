// Writes a file that a person chose, whole or not at all, without the window waiting for the disk.
#pragma once

#include "models/text_sink.h"
#include "widgets/file_job.h"

#include <QByteArray>
#include <QString>

#include <functional>

namespace widgets {

// Makes the file's bytes, on a thread of its own, piece by piece into the sink; false: it could not, or the
// sink wanted no more.
using FileMaker = std::function<bool(const models::TextSink& sink)>;

// Beside PATH, then renamed. As FileWork; "NOMEM" when `make` could not.
[[nodiscard]] core::Result<void> writeWhole(const QString& path, const FileMaker& make,
                                            const std::stop_token& stop,
                                            const std::function<void(double share)>& progress);

// Main thread only. With progress and a way to give it up; `told` says how it ended, in words, there, unless
// `from` is gone.
void saveFile(const QString& path, FileMaker make, QWidget* from,
              std::function<void(const QString& told)> told);
// The same for what is written by somebody else.
void runFileWork(const QString& path, FileWork work, QWidget* from,
                 std::function<void(const QString& told)> told);

} // namespace widgets
