#include "app/wiring.h"
#include "monitor/alert/attention.h"
#include "monitor/alert/silence.h"
#include "monitor/alert/user_rules.h"

#include <QCoreApplication>
#include <QFile>

#include <utility>

namespace app {

namespace {

constexpr qint64 kLargest = 1 << 20; // bytes of a file of silences

// Later, from the main loop.
void onMain(std::function<void()> act)
{
    QMetaObject::invokeMethod(qApp, std::move(act), Qt::QueuedConnection);
}

QString importSilences(engine::Engine& core, const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kLargest) {
        return QCoreApplication::translate("app", "%1 cannot be read").arg(path);
    }
    std::vector<std::string> problems;
    auto rows = alert::readSilences(file.readAll().toStdString(), problems);
    if (!rows) {
        return QStringLiteral("%1: %2").arg(path, QString::fromStdString(rows.error().message));
    }
    int taken = 0;
    for (metrics::SilenceRow& row : *rows) {
        row.id.clear(); // theirs mean nothing here; what is over is refused
        taken += core.silence(std::move(row)) ? 1 : 0;
    }
    return QCoreApplication::translate("app", "%1 silences imported, %2 left out")
        .arg(taken)
        .arg(rows->size() - static_cast<std::size_t>(taken) + problems.size());
}

core::Result<void> endOf(const core::Result<std::size_t>& written)
{
    return written ? core::Result<void>() : core::Result<void>(core::Unexpected{written.error()});
}

} // namespace

widgets::SilencePreview previewOf(const std::vector<metrics::AlertRow>& rows, const QString& text)
{
    widgets::SilencePreview preview;
    auto matchers = alert::parseMatchers(text.toStdString());
    if (!matchers) {
        preview.problem = QString::fromStdString(matchers.error().message);
        return preview;
    }
    metrics::SilenceRow silence;
    silence.matchers = *matchers;
    silence.endsAt = silence.startsAt + std::chrono::hours(1);
    const auto caught = alert::caughtBy(silence, rows);
    if (!caught) {
        preview.problem = QString::fromStdString(caught.error().message);
        return preview;
    }
    for (const std::size_t index : *caught) {
        preview.caught.push_back(rows[index]);
    }
    preview.matchers = std::move(*matchers);
    return preview;
}

widgets::AlertCommands makeAlertCommands(engine::Engine& core, std::function<void(const QString&)> say)
{
    const auto tell = [say](const auto& outcome) {
        if (!outcome) {
            say(QString::fromStdString(outcome.error().message));
        }
    };
    widgets::AlertCommands commands;
    commands.acknowledge = [&core, tell](const QString& incident, const QString& by, const QString& note) {
        tell(core.acknowledge(incident.toStdString(), by.toStdString(), note.toStdString()));
    };
    commands.snooze = [&core, tell](const QString& incident, std::chrono::minutes span) {
        tell(core.snooze(incident.toStdString(), span));
    };
    commands.silence = [&core, tell](const metrics::SilenceRow& silence) { tell(core.silence(silence)); };
    commands.expireSilence = [&core, tell](const QString& id) { tell(core.expireSilence(id.toStdString())); };
    commands.preview = [&core](const QString& matchers) { 
        const metrics::SnapshotPtr now = core.latest();
        return previewOf(now ? now->alerts : std::vector<metrics::AlertRow>(), matchers);
    };
    commands.silences = [&core] { return core.silences(); };
    commands.incidents = [&core](const metrics::IncidentFilter& filter) { return core.incidents(filter); };
    commands.searchIncidents = [&core](const metrics::IncidentFilter& filter,
                                       std::function<void(std::vector<metrics::Incident>, bool)> answer) {
        core.searchIncidents(filter, [answer](engine::FoundIncidents found) {
            onMain([answer, found = std::make_shared<engine::FoundIncidents>(std::move(found))] {
                answer(std::move(found->rows), found->more);
            });
        });
    };
    commands.readIncident = [&core](const metrics::Incident& incident,
                                    std::function<void(std::shared_ptr<const metrics::Incident>)> answer) {
        core.readIncident(incident, [answer](std::shared_ptr<const metrics::Incident> found) {
            onMain([answer, found = std::move(found)] { answer(found); });
        });
    };
    commands.editRule = [&core](const metrics::RuleEdit& edit, std::function<void(const QString&)> done) {
        if (!done) {
            core.editRule(edit, {});
            return;
        }
        core.editRule(edit, [done](const std::string& problem) {
            onMain([done, text = QString::fromStdString(problem)] { done(text); });
        });
    };
    commands.undoRule = [&core] { core.undoRule(); };
    commands.canUndoRule = [&core] { return core.canUndoRule(); };
    commands.tryRule = [&core](const metrics::RuleEdit& edit, std::chrono::minutes window,
                               const std::stop_token& stop) { return core.tryRule(edit, window, stop); };
    commands.withThreshold = [](const metrics::RuleDraft& draft, double threshold) {
        return alert::withThreshold(draft, threshold).value_or(draft);
    };
    commands.importRules = [&core](const QString& path, std::function<void(const QStringList&)> report) {
        core.importRules(path.toStdString(), [report](const std::vector<std::string>& lines) {
            QStringList texts;
            for (const std::string& line : lines) {
                texts << QString::fromStdString(line);
            }
            onMain([report, texts] { report(texts); });
        });
    };
    commands.importSilences = [&core, say](const QString& path) { say(importSilences(core, path)); };
    using Progress = std::function<void(double share)>;
    commands.writeRules = [&core](const QString& folder, const std::stop_token& stop, const Progress& progress) {
        return endOf(core.writeRules(folder.toStdString(), {stop, progress}));
    };
    commands.writeSilences = [&core](const QString& path, const std::stop_token& stop, const Progress& progress) {
        return endOf(core.writeSilences(path.toStdString(), {stop, progress}));
    };
    return commands;
}

} // namespace app
