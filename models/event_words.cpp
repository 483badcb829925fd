#include "models/event_words.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace models {

namespace {

// clang-format off
constexpr std::array kWords{
    EventWord{"requested", QT_TRANSLATE_NOOP("models", "requested")},
    EventWord{"queued", QT_TRANSLATE_NOOP("models", "queued"), Level::Pending},
    EventWord{"granted", QT_TRANSLATE_NOOP("models", "granted"), Level::Ok},
    EventWord{"timed_out", QT_TRANSLATE_NOOP("models", "timed out"), Level::Critical},
    EventWord{"cancelled", QT_TRANSLATE_NOOP("models", "request cancelled"), Level::Warning},
    EventWord{"refused", QT_TRANSLATE_NOOP("models", "refused"), Level::Critical},
    EventWord{"returned", QT_TRANSLATE_NOOP("models", "returned"), Level::Ok},
    EventWord{"double_return", QT_TRANSLATE_NOOP("models", "returned twice"), Level::Critical},
    EventWord{"nested_acquire", QT_TRANSLATE_NOOP("models", "nested acquire"), Level::Warning},
    EventWord{"connect_started", QT_TRANSLATE_NOOP("models", "connecting"), Level::Pending},
    EventWord{"connected", QT_TRANSLATE_NOOP("models", "connected"), Level::Ok},
    EventWord{"connect_failed", QT_TRANSLATE_NOOP("models", "connecting failed"), Level::Critical},
    EventWord{"validated", QT_TRANSLATE_NOOP("models", "validated"), Level::Ok},
    EventWord{"validation_failed", QT_TRANSLATE_NOOP("models", "dead when checked"), Level::Warning},
    EventWord{"dirty_return", QT_TRANSLATE_NOOP("models", "returned dirty"), Level::Warning},
    EventWord{"reset_done", QT_TRANSLATE_NOOP("models", "reset"), Level::Ok},
    EventWord{"reset_failed", QT_TRANSLATE_NOOP("models", "reset failed"), Level::Warning},
    EventWord{"closed", QT_TRANSLATE_NOOP("models", "closed")},
    EventWord{"long_use", QT_TRANSLATE_NOOP("models", "long use"), Level::Warning},
    EventWord{"long_use_ended", QT_TRANSLATE_NOOP("models", "long use over"), Level::Ok},
    EventWord{"leaked", QT_TRANSLATE_NOOP("models", "suspected leak"), Level::Critical},
    EventWord{"unleaked", QT_TRANSLATE_NOOP("models", "leak over"), Level::Ok},
    EventWord{"statement_cancelled", QT_TRANSLATE_NOOP("models", "statement cancelled"), Level::Warning},
    EventWord{"backend_terminated", QT_TRANSLATE_NOOP("models", "backend terminated"), Level::Warning},
    EventWord{"recycled", QT_TRANSLATE_NOOP("models", "recycled")},
    EventWord{"suspended", QT_TRANSLATE_NOOP("models", "pool suspended"), Level::Warning},
    EventWord{"resumed", QT_TRANSLATE_NOOP("models", "pool resumed"), Level::Ok},
    EventWord{"configured", QT_TRANSLATE_NOOP("models", "settings changed")},
    EventWord{"drained", QT_TRANSLATE_NOOP("models", "pool drained")},
    EventWord{"went_down", QT_TRANSLATE_NOOP("models", "database away"), Level::Critical},
    EventWord{"probing", QT_TRANSLATE_NOOP("models", "trying again"), Level::Pending},
    EventWord{"recovered", QT_TRANSLATE_NOOP("models", "database back"), Level::Ok},
    EventWord{"blocked", QT_TRANSLATE_NOOP("models", "login refused"), Level::Critical},
    EventWord{"retry_asked", QT_TRANSLATE_NOOP("models", "retry asked for")},
    EventWord{"pool_closed", QT_TRANSLATE_NOOP("models", "pool closed")},
};
// clang-format on

} // namespace

std::span<const EventWord> eventWords()
{
    return kWords;
}

const EventWord* eventWord(std::string_view kind)
{
    const auto at = std::find_if(kWords.begin(), kWords.end(),
                                 [kind](const EventWord& word) { return word.kind == kind; });
    return at == kWords.end() ? nullptr : &*at;
}

QString eventText(std::string_view kind)
{
    const EventWord* word = eventWord(kind);
    return word != nullptr ? QCoreApplication::translate("models", word->title)
                           : QString::fromUtf8(kind.data(), static_cast<qsizetype>(kind.size()));
}

} // namespace models
