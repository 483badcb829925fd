// A file that is wanted of a range: samples, or a report.
#pragma once

#include "monitor/core/result.h"

#include <QString>

#include <functional>
#include <stop_token>

namespace widgets {

struct FileWish {
    enum class Kind { Samples, LongSamples, Ticks, Report }; // Ticks: all that the window has in memory, a row a tick
    Kind kind = Kind::Samples;
    QString path;    // its end says the format: .csv, .json, .jsonl; .html, .pdf
    qint64 from = 0; // ms since the epoch
    qint64 to = 0;
    bool utc = false; // times in the file
};

// Writes it and returns when it is done: never on the main thread. As FileWork.
using FileWriter = std::function<core::Result<void>(const FileWish& wish, const std::stop_token& stop,
                                                    const std::function<void(double share)>& progress)>;

} // namespace widgets
