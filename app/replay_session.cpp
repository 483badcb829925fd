#include "app/replay_session.h"

#include "app/wiring.h"
#include "monitor/engine/engine.h"

#include <QAction>
#include <QCloseEvent>

#include <chrono>
#include <utility>

namespace app {

namespace {

constexpr std::chrono::milliseconds kStill(700); // charts believe time goes on when they hear nothing for longer

constexpr const char* kTime = QT_TRANSLATE_NOOP("widgets::Actions", "Time");

} // namespace

core::Result<std::unique_ptr<ReplaySession>> ReplaySession::open(const std::filesystem::path& file,
                                                                 const WindowOptions& options, Live live)
{
    std::unique_ptr<ReplaySession> session(new ReplaySession);
    session->m_metrics = engine::Engine::catalog();
    ReplaySession* face = session.get();
    const auto wake = [face](std::atomic<bool>& pending, void (ReplaySession::*handler)()) {
        if (!pending.exchange(true)) {
            QMetaObject::invokeMethod(
                face,
                [face, &pending, handler] {
                    pending = false;
                    (face->*handler)();
                },
                Qt::QueuedConnection);
        }
    };
    record::PlaybackHooks hooks;
    hooks.onSnapshot = [face, wake] { wake(face->m_snapshotPending, &ReplaySession::onSnapshot); };
    hooks.onState = [face, wake] { wake(face->m_statePending, &ReplaySession::onState); };
    auto playback = record::Playback::open(
        file, {session->m_metrics, options.lang.value_or(core::Lang::English)}, std::move(hooks));
    if (!playback) {
        return core::Unexpected{playback.error()};
    }
    session->m_playback = std::move(*playback);
    auto past = engine::Past::open(session->m_playback->readable());
    if (!past) {
        return core::Unexpected{past.error()};
    }
    session->m_past = std::move(*past);
    session->makeWindow(options, live);
    return session;
}

ReplaySession::~ReplaySession()
{
    m_window.reset();
    m_playback.reset(); // its thread calls this
}

void ReplaySession::makeWindow(const WindowOptions& options, Live live)
{
    m_commands = refusals();
    m_commands.writeFile = makeFileWriter(RecordedRange{m_past.get(), &m_lang, m_playback.get()});
    widgets::PanelContext context;
    context.querier = &m_playback->querier();
    context.past = &m_past->querier();
    context.commands = &m_commands;
    context.log = &m_log;
    context.diary = &m_playback->diary();
    context.recorded = true;
    WindowOptions own = options;
    own.recording = QString::fromStdString(m_playback->state().title);
    own.recordings = nullptr;
    m_window = std::make_unique<MainWindow>(context, own);
    m_window->installEventFilter(this);
    m_bar = new widgets::PlaybackBar(m_window.get());
    m_bar->setLiveShown(live == Live::Behind);
    m_bar->setMarks(m_playback->marks());
    m_window->addBar(m_bar);
    m_window->addAction({"playback", QT_TRANSLATE_NOOP("widgets::Actions", "Play the recording or stop it"), kTime, "P"},
                        [this] { m_bar->toggle(); });
    connectBar();
    connect(m_window.get(), &MainWindow::languageChanged, this,
            [this](core::Lang lang) { useLang(lang); });
    useLang(m_window->lang());
    connect(&m_still, &QTimer::timeout, this, &ReplaySession::holdStill);
    m_still.start(kStill);
    onState();
}

void ReplaySession::useLang(core::Lang lang)
{
    m_lang = lang;
    m_playback->setLang(lang);
}

void ReplaySession::connectBar()
{
    connect(m_bar, &widgets::PlaybackBar::playAsked, this, [this] { m_playback->play(); });
    connect(m_bar, &widgets::PlaybackBar::pauseAsked, this, [this] { m_playback->pause(); });
    connect(m_bar, &widgets::PlaybackBar::speedAsked, this, [this](double times) { m_playback->setSpeed(times); });
    connect(m_bar, &widgets::PlaybackBar::seekAsked, this, [this](qint64 at) { m_playback->seek(at); });
    connect(m_bar, &widgets::PlaybackBar::liveAsked, this, [this] { Q_EMIT ended(); });
}

// The past cannot be changed: whoever tries is told so.
widgets::Commands ReplaySession::refusals()
{
    const auto refuse = [this] { m_window->tell(tr("This is a recording: it can be looked at, not changed")); };
    widgets::Commands commands;
    commands.startScenario = [refuse](const QString&, const QMap<QString, double>&, bool) { refuse(); };
    commands.stopScenario = [refuse](const QString&) { refuse(); };
    commands.cancelStatement = [refuse](int) { refuse(); };
    commands.terminateBackend = [refuse](int) { refuse(); };
    commands.recycleSlot = [refuse](int) { refuse(); };
    commands.suspendPool = [refuse](bool) { refuse(); };
    commands.resumePool = refuse;
    commands.drainPool = refuse;
    commands.configurePool = [refuse](const QMap<QString, double>&) { refuse(); };
    commands.retryNow = refuse;
    commands.reloadRules = refuse;
    commands.addNote = [refuse](qint64, const QString&) { refuse(); };
    commands.respond = [refuse](const metrics::ResponseCommand&) { refuse(); };
    commands.alerts.acknowledge = [refuse](const QString&, const QString&, const QString&) { refuse(); };
    commands.alerts.snooze = [refuse](const QString&, std::chrono::minutes) { refuse(); };
    commands.alerts.silence = [refuse](const metrics::SilenceRow&) { refuse(); };
    commands.alerts.expireSilence = [refuse](const QString&) { refuse(); };
    commands.alerts.incidents = [this](const metrics::IncidentFilter& filter) { return m_playback->incidents(filter); };
    commands.alerts.importRules = [refuse](const QString&, const std::function<void(const QStringList&)>&) { refuse(); };
    commands.alerts.editRule = [refuse](const metrics::RuleEdit&, const std::function<void(const QString&)>&) { refuse(); };
    commands.alerts.undoRule = refuse;
    commands.targets.edit = [refuse](const metrics::TargetEdit&, const std::function<void(const QString&)>& done) {
        refuse();
        if (done) {
            done(tr("This is a recording: it can be looked at, not changed"));
        }
    };
    commands.alerts.importSilences = [refuse](const QString&) { refuse(); };
    return commands;
}

void ReplaySession::onSnapshot()
{
    const metrics::SnapshotPtr snapshot = m_playback ? m_playback->latest() : nullptr;
    if (!m_window || !snapshot) {
        return;
    }
    if (const std::uint64_t stage = m_playback->state().stage; stage != m_stage) {
        m_stage = stage;
        m_window->startOver(); // time was jumped: what panels remember is void
    }
    m_still.start(kStill);
    m_window->showSnapshot(snapshot);
}

void ReplaySession::onState()
{
    if (m_bar && m_playback) {
        m_bar->show(m_playback->state());
    }
}

// Between two ticks of a recording time stands still.
void ReplaySession::holdStill()
{
    const metrics::SnapshotPtr snapshot = m_playback->latest();
    if (snapshot && !m_window->range().paused) {
        m_window->showSnapshot(snapshot);
    }
}

bool ReplaySession::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_window.get() && event->type() == QEvent::Close) {
        Q_EMIT ended(); // at once: the live window must be there before the last one that is seen goes
    }
    return QObject::eventFilter(watched, event);
}

} // namespace app
