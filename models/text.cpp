#include "models/text.h"

#include <QCoreApplication>

namespace models {

namespace {

QString words(const char* english)
{
    return QCoreApplication::translate("models", english);
}

} // namespace

QString text(const std::string& utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

core::Lang lang()
{
    //: the language's code
    return core::langFromLocale(words(QT_TRANSLATE_NOOP("models", "en")).toStdString());
}

QString valueText(double value, core::Unit unit)
{
    return text(core::humanText(value, unit));
}

QString shareText(double ratio)
{
    return ratio > 0 && ratio < 0.001 ? QString::number(ratio * 100, 'f', 2) + QStringLiteral(" %")
                                      : valueText(ratio, core::Unit::Ratio);
}

QString spanText(core::Nanos span)
{
    return span.count() <= 0 ? QStringLiteral("–") : text(core::spanText(span));
}

QString thresholdText(const std::string& op, const std::optional<double>& threshold, core::Unit unit)
{
    return threshold ? text(op) + QLatin1Char(' ') + valueText(*threshold, unit) : QString();
}

QString word(metrics::SlotState state)
{
    switch (state) {
    case metrics::SlotState::NotOpened:
        return words(QT_TRANSLATE_NOOP("models", "not opened"));
    case metrics::SlotState::Connecting:
        return words(QT_TRANSLATE_NOOP("models", "connecting"));
    case metrics::SlotState::Validating:
        return words(QT_TRANSLATE_NOOP("models", "validating"));
    case metrics::SlotState::Idle:
        return words(QT_TRANSLATE_NOOP("models", "idle"));
    case metrics::SlotState::Active:
        return words(QT_TRANSLATE_NOOP("models", "active"));
    case metrics::SlotState::IdleInTransaction:
        return words(QT_TRANSLATE_NOOP("models", "idle in tx"));
    case metrics::SlotState::Held:
        return words(QT_TRANSLATE_NOOP("models", "held"));
    case metrics::SlotState::Leaked:
        return words(QT_TRANSLATE_NOOP("models", "leak"));
    case metrics::SlotState::Resetting:
        return words(QT_TRANSLATE_NOOP("models", "resetting"));
    case metrics::SlotState::Closing:
        return words(QT_TRANSLATE_NOOP("models", "closing"));
    }
    return {};
}

QString word(metrics::AlertState state)
{
    switch (state) {
    case metrics::AlertState::Inactive:
        return words(QT_TRANSLATE_NOOP("models", "inactive"));
    case metrics::AlertState::Pending:
        return words(QT_TRANSLATE_NOOP("models", "pending"));
    case metrics::AlertState::Firing:
        return words(QT_TRANSLATE_NOOP("models", "firing"));
    case metrics::AlertState::Recovering:
        return words(QT_TRANSLATE_NOOP("models", "recovering"));
    case metrics::AlertState::Resolved:
        return words(QT_TRANSLATE_NOOP("models", "resolved"));
    }
    return {};
}

QString word(metrics::Severity severity)
{
    switch (severity) {
    case metrics::Severity::Info:
        return words(QT_TRANSLATE_NOOP("models", "info"));
    case metrics::Severity::Warning:
        return words(QT_TRANSLATE_NOOP("models", "warning"));
    case metrics::Severity::Critical:
        return words(QT_TRANSLATE_NOOP("models", "critical"));
    }
    return {};
}

QString word(metrics::ScenarioState state)
{
    switch (state) {
    case metrics::ScenarioState::Ready:
        return words(QT_TRANSLATE_NOOP("models", "ready"));
    case metrics::ScenarioState::Running:
        return words(QT_TRANSLATE_NOOP("models", "running"));
    case metrics::ScenarioState::Stopping:
        return words(QT_TRANSLATE_NOOP("models", "stopping"));
    case metrics::ScenarioState::Done:
        return words(QT_TRANSLATE_NOOP("models", "done"));
    case metrics::ScenarioState::Stopped:
        return words(QT_TRANSLATE_NOOP("models", "stopped"));
    case metrics::ScenarioState::Failed:
        return words(QT_TRANSLATE_NOOP("models", "failed"));
    }
    return {};
}

QString word(metrics::SourceState state)
{
    switch (state) {
    case metrics::SourceState::Ok:
        return words(QT_TRANSLATE_NOOP("models", "ok"));
    case metrics::SourceState::Stale:
        return words(QT_TRANSLATE_NOOP("models", "stale"));
    case metrics::SourceState::Failed:
        return words(QT_TRANSLATE_NOOP("models", "failed"));
    case metrics::SourceState::Unavailable:
        return words(QT_TRANSLATE_NOOP("models", "not available"));
    }
    return {};
}

QString word(metrics::Mark::Kind kind)
{
    switch (kind) {
    case metrics::Mark::Kind::ScenarioStarted:
        return words(QT_TRANSLATE_NOOP("models", "scenario started"));
    case metrics::Mark::Kind::ScenarioEnded:
        return words(QT_TRANSLATE_NOOP("models", "scenario ended"));
    case metrics::Mark::Kind::AlertFired:
        return words(QT_TRANSLATE_NOOP("models", "alert fired"));
    case metrics::Mark::Kind::AlertResolved:
        return words(QT_TRANSLATE_NOOP("models", "alert resolved"));
    case metrics::Mark::Kind::SettingChanged:
        return words(QT_TRANSLATE_NOOP("models", "setting changed"));
    case metrics::Mark::Kind::ServerDown:
        return words(QT_TRANSLATE_NOOP("models", "database away"));
    case metrics::Mark::Kind::ServerUp:
        return words(QT_TRANSLATE_NOOP("models", "database back"));
    case metrics::Mark::Kind::Note:
        return words(QT_TRANSLATE_NOOP("models", "note"));
    case metrics::Mark::Kind::Restarted:
        return words(QT_TRANSLATE_NOOP("models", "console started"));
    case metrics::Mark::Kind::Gap:
        return words(QT_TRANSLATE_NOOP("models", "no data"));
    }
    return {};
}

QString word(metrics::GapReason reason)
{
    switch (reason) {
    case metrics::GapReason::NotRunning:
        return words(QT_TRANSLATE_NOOP("models", "console not running"));
    case metrics::GapReason::Suspended:
        return words(QT_TRANSLATE_NOOP("models", "machine suspended"));
    case metrics::GapReason::ClockStep:
        return words(QT_TRANSLATE_NOOP("models", "clock was set"));
    case metrics::GapReason::HeldUp:
        return words(QT_TRANSLATE_NOOP("models", "console was held up"));
    case metrics::GapReason::NotWritten:
        return words(QT_TRANSLATE_NOOP("models", "history could not be written"));
    case metrics::GapReason::ServerAway:
        return words(QT_TRANSLATE_NOOP("models", "database away"));
    }
    return {};
}

QString text(const metrics::Mark& mark)
{
    if (mark.kind == metrics::Mark::Kind::Gap) {
        const auto reason = metrics::gapReasonFrom(mark.text);
        return reason ? word(*reason) : text(mark.text);
    }
    return mark.text.empty() ? word(mark.kind) : text(mark.text);
}

QString word(metrics::LogLevel level)
{
    switch (level) {
    case metrics::LogLevel::Trace:
        return QStringLiteral("TRACE");
    case metrics::LogLevel::Debug:
        return QStringLiteral("DEBUG");
    case metrics::LogLevel::Info:
        return QStringLiteral("INFO");
    case metrics::LogLevel::Warning:
        return QStringLiteral("WARNING");
    case metrics::LogLevel::Error:
        return QStringLiteral("ERROR");
    case metrics::LogLevel::Critical:
        return QStringLiteral("CRITICAL");
    }
    return {};
}

} // namespace models
