#include "app/console_session.h"

#include "app/desktop_notes.h"
#include "widgets/theme.h"

#include <QString>

namespace app {

ConsoleSession::ConsoleSession(const Options& options, const std::shared_ptr<LogTap>& tap, const WindowOptions& window)
    : m_core(options.config, [tap] { return logFigures(*tap); })
    , m_sound(options.config.notify.sound)
    , m_commands(makeCommands(m_core,
                              [this](const QString& text) {
                                  if (m_window) {
                                      m_window->tell(text);
                                  }
                              }))
    , m_window(std::make_unique<MainWindow>(context(), window))
    , m_feed(std::make_unique<LogFeed>(tap, m_log))
{
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

widgets::PanelContext ConsoleSession::context()
{
    widgets::PanelContext context;
    context.querier = &m_core.querier();
    context.past = &m_core.longQuerier();
    context.diary = &m_core.diary();
    context.commands = &m_commands;
    context.log = &m_log;
    context.witness = &m_core.witness();
    context.poolAdvice = [this](core::Nanos window, const std::stop_token& stop) {
        return m_core.poolAdvice(window, stop);
    };
    return context;
}

ConsoleSession::~ConsoleSession()
{
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

void ConsoleSession::showNotices()
{
    for (const engine::Notice& notice : m_core.takeNotices()) {
        const QString text = QString::fromStdString(notice.text);
        if (notice.offer == engine::Notice::Offer::UndoRule) {
            m_window->offerUndo(text, [this] { m_core.undoRule(); });
        } else {
            m_window->tell(text);
        }
    }
}

} // namespace app
