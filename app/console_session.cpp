#include "app/console_session.h"

#include "app/desktop_notes.h"
#include "app/reload.h"
#include "widgets/theme.h"

#include <QCoreApplication>
#include <QString>
#include <QStringList>

#include <fmt/format.h>

namespace app {

ConsoleSession::ConsoleSession(const Options& options, const std::shared_ptr<LogTap>& tap, const WindowOptions& window)
    : m_core(options.config, [tap] { return logFigures(*tap); })
    , m_sound(options.config.notify.sound, window.settingsFile)
    , m_commands(makeOwnCommands())
    , m_recordings(makeRecordCommands(m_core,
                                      [this](const QString& text) {
                                          if (m_window) {
                                              m_window->tell(text);
                                          }
                                      }))
    , m_window(std::make_unique<MainWindow>(context(), withRecordings(window)))
    , m_feed(std::make_unique<LogFeed>(tap, m_log))
{
    m_windowOptions = window;
    watchLog(m_core, tap);
    QObject::connect(&m_core, &engine::Engine::snapshotReady, m_window.get(),
                     [this] {
                         const metrics::SnapshotPtr snapshot = m_core.latest();
                         m_window->showSnapshot(snapshot);
                         m_sound.show(snapshot->alerts);
                     });
    QObject::connect(&m_core, &engine::Engine::noticesReady, m_window.get(), [this] { showNotices(); });
    QObject::connect(m_window.get(), &MainWindow::languageChanged, m_window.get(),
                     [this](core::Lang lang) { m_core.setLang(lang); });
}

// The engine's, and what only a window has.
widgets::Commands ConsoleSession::makeOwnCommands()
{
    widgets::Commands commands = makeCommands(m_core, [this](const QString& text) {
        if (m_window) {
            m_window->tell(text);
        }
    });
    commands.readConfiguration = [this] { readConfiguration(); };
    commands.alerts.recordingOf = [this](const metrics::Incident& incident) { return recordingOf(m_core, incident); };
    commands.alerts.openRecording = [this](const QString& file) { openRecording(file); };
    commands.channels.sound = [this] { return m_sound.choice(); };
    commands.channels.setSound = [this](const widgets::SoundChoice& choice) { m_sound.choose(choice); };
    commands.channels.playSound = [this](metrics::Severity severity) { m_sound.play(severity); };
    return commands;
}

widgets::PanelContext ConsoleSession::context()
{
    widgets::PanelContext context;
    context.querier = &m_core.querier();
    context.past = &m_core.longQuerier();
    context.sources = m_core.sources();
    context.diary = &m_core.diary();
    context.commands = &m_commands;
    context.log = &m_log;
    context.witness = &m_core.witness();
    context.poolAdvice = [this](core::Nanos window, const std::stop_token& stop) {
        return m_core.poolAdvice(window, stop);
    };
    return context;
}

WindowOptions ConsoleSession::withRecordings(WindowOptions window)
{
    m_recordings.open = [this](const QString& file) { openRecording(file); };
    window.recordings = &m_recordings;
    window.own = &m_core.ownQuerier();
    window.ownPast = &m_core.ownLongQuerier();
    return window;
}

// The live window goes on unseen; its alerts still ring.
void ConsoleSession::openRecording(const QString& file)
{
    WindowOptions options = m_windowOptions;
    options.lang = m_window->lang();
    auto opened = ReplaySession::open(file.toStdString(), options, ReplaySession::Live::Behind);
    if (!opened) {
        m_window->tell(QString::fromStdString(opened.error().message));
        return;
    }
    m_replay = std::move(*opened);
    QObject::connect(m_replay.get(), &ReplaySession::ended, m_window.get(), [this] { closeRecording(); });
    m_replay->window().setGeometry(m_window->geometry());
    m_replay->window().show();
    m_window->hide();
}

void ConsoleSession::closeRecording()
{
    m_window->show();
    if (m_replay) {
        m_replay.release()->deleteLater(); // it is what has just spoken
    }
}

ConsoleSession::~ConsoleSession()
{
    m_replay.reset();
    m_window.reset();
    m_core.stop();
}

core::Result<void> ConsoleSession::start()
{
    auto started = m_core.start();
    if (started) {
        m_core.setLang(m_window->lang());
        m_core.setDesktop(makeDesktopNotes());
    }
    return started;
}

void ConsoleSession::readConfiguration()
{
    const auto read = reloadConfiguration(m_core);
    m_window->setSources(m_core.sources());
    if (!read) {
        m_window->tell(QString::fromStdString(read.error().message));
        return;
    }
    const auto listed = [](const std::vector<std::string>& names) {
        return QString::fromStdString(fmt::format("{}", fmt::join(names, ", ")));
    };
    QStringList said;
    said << (read->changed.empty() ? QCoreApplication::translate("app", "Configuration read: nothing to change at once")
                                   : QCoreApplication::translate("app", "Configuration read: in force now: %1")
                                         .arg(listed(read->changed)));
    if (!read->needsRestart.empty()) {
        said << QCoreApplication::translate("app", "needs a restart: %1").arg(listed(read->needsRestart));
    }
    if (!read->overruled.empty()) {
        said << QCoreApplication::translate("app", "the command line wins: %1").arg(listed(read->overruled));
    }
    m_window->tell(said.join(QStringLiteral("; ")));
}

void ConsoleSession::showNotices()
{
    for (const engine::Notice& notice : m_core.takeNotices()) {
        const QString text = QString::fromStdString(notice.text);
        if (notice.offer == engine::Notice::Offer::UndoRule) {
            m_window->offerUndo(text, [this] { m_core.undoRule(); });
        } else if (notice.offer == engine::Notice::Offer::UndoTarget) {
            m_window->offerUndo(text, [this] { m_core.undoTarget(); });
        } else {
            m_window->tell(text);
        }
    }
}

} // namespace app
