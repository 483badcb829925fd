#include "app/main_window.h"

#include "app/panel_catalog.h"
#include "app/screen_fit.h"
#include "app/window_frame.h"
#include "models/text.h"
#include "widgets/banner_bar.h"
#include "widgets/command_palette.h"
#include "widgets/dialogs/marks_dialog.h"
#include "widgets/dialogs/picture_dialog.h"
#include "widgets/frame_style.h"
#include "widgets/health.h"
#include "widgets/nav_bar.h"
#include "widgets/severity_strip.h"
#include "widgets/status_bar.h"
#include "widgets/table_view.h"
#include "widgets/toast.h"
#include "widgets/top_bar.h"

#include <QAbstractButton>
#include <QApplication>
#include <QCloseEvent>
#include <QComboBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLocale>
#include <QScreen>
#include <QStackedWidget>

#include <algorithm>

namespace app {

namespace {

using namespace std::chrono_literals;

constexpr QSize kSmallest(1024, 700);
constexpr QSize kUsual(1440, 900);
constexpr std::chrono::milliseconds kFrameKnown(200); // so long window managers take to dress a window

widgets::PanelContext scoped(widgets::PanelContext context, widgets::TargetScope& scope, const widgets::PastSource& past)
{
    context.scope = &scope;
    context.history = &past;
    return context;
}

widgets::PanelContext ownContext(widgets::PanelContext context, const WindowOptions& options)
{
    context.querier = options.own != nullptr ? options.own : context.querier;
    context.past = options.ownPast != nullptr ? options.ownPast : context.past;
    return context;
}

core::Lang startLanguage(const WindowOptions& options, const WindowState& state)
{
    return options.lang ? *options.lang
                        : state.lang.value_or(core::langFromLocale(QLocale::system().name().toStdString()));
}

} // namespace

MainWindow::MainWindow(const widgets::PanelContext& context, const WindowOptions& options, QWidget* parent)
    : QMainWindow(parent)
    , m_past(context.sources)
    , m_context(scoped(context, m_scope, m_past))
    , m_options(options)
    , m_state(loadWindowState(options.settingsFile))
    , m_actions(this)
    , m_panels(panelCatalog().size(), nullptr)
{
    setMinimumSize(kSmallest);
    resize(kUsual.boundedTo(screen()->availableSize()).expandedTo(kSmallest));
    m_language.apply(startLanguage(options, m_state));
    models::Zone::of().set(m_state.zone);
    widgets::Theme::of().apply(m_state.theme);
    addActions();
    m_frame = new WindowFrame(m_actions, this);
    setCentralWidget(m_frame);
    m_palette = new widgets::CommandPalette(m_actions, this);
    m_toast = new widgets::Toast(this);
    if (!m_options.recording.isEmpty()) {
        m_frame->banners->setPast();
        m_frame->status->setPast();
    }
    connectFrame();
    m_frame->top->offerSources(m_past);
    addRecordingActions();
    qApp->installEventFilter(this);
    restore();
    if (m_options.recording.isEmpty()) {
        m_silence.start(1s);
    }
}

MainWindow::~MainWindow()
{
    qApp->removeEventFilter(this);
    remember();
}

void MainWindow::connectFrame()
{
    connect(m_frame->nav, &widgets::NavBar::chosen, this, &MainWindow::showPanel);
    connect(m_frame->top, &widgets::TopBar::healthClicked, this,
            [this] { openPanel(QStringLiteral("alerts")); });
    connect(&m_scope, &widgets::TargetScope::changed, this, [this] {
        m_frame->top->setShown(m_scope.chosen());
        m_frame->nav->setShown(m_scope.chosen());
        if (m_snapshot) {
            m_frame->nav->showSnapshot(*m_snapshot);
            showHealth();
        }
    });
    connect(m_frame->status, &widgets::StatusBar::notice, this, &MainWindow::tell);
    connect(m_frame->status, &widgets::StatusBar::scenarioClicked, this,
            [this] { openPanel(QStringLiteral("scenarios")); });
    connect(m_frame->banners, &widgets::BannerBar::retryAsked, this, &MainWindow::retryNow);
    connect(&m_tray, &widgets::Tray::openAsked, this, [this] {
        showNormal();
        activateWindow();
    });
    connect(&m_tray, &widgets::Tray::quitAsked, this, &MainWindow::close);
    connect(&widgets::Theme::of(), &widgets::Theme::changed, this, &MainWindow::applyStyle);
    connect(&models::Zone::of(), &models::Zone::changed, this, &MainWindow::retranslate);
    connect(&m_travel, &widgets::TimeTravel::changed, this, &MainWindow::rangeChanged);
    connect(&m_silence, &QTimer::timeout, this, &MainWindow::watchSilence);
}

void MainWindow::restore()
{
    applyStyle();
    restoreGeometry(m_state.geometry);
    m_travel.setLength(m_state.range);
    m_scope.restoreState(m_state.scope);
    m_past.choose(m_state.history);
    widgets::PictureChoice::last() = widgets::PictureChoice::fromText(m_state.picture);
    retranslate();
    spreadRange();
    openPanel(m_state.panel);
    if (m_current < 0) {
        showPanel(0);
    }
    m_frame->stack->setFocus(); // not the first button: Space pauses
}

void MainWindow::remember()
{
    if (m_options.settingsFile.isEmpty() || !m_options.recording.isEmpty()) {
        return;
    }
    m_state.geometry = saveGeometry();
    m_state.panel = currentPanel();
    m_state.scope = m_scope.state();
    m_state.history = m_past.servers().empty() ? m_state.history : m_past.name();
    m_state.picture = widgets::PictureChoice::last().toText();
    m_state.theme = widgets::Theme::of().mode();
    m_state.zone = models::Zone::of().kind();
    m_state.range = m_travel.range().length;
    for (widgets::TableView* table : findChildren<widgets::TableView*>()) {
        m_state.columns.insert(table->objectName(), table->headerState());
    }
    for (std::size_t i = 0; i < m_panels.size(); ++i) {
        if (m_panels[i]) {
            m_state.panels.insert(QString::fromLatin1(panelCatalog()[i].id), m_panels[i]->state());
        }
    }
    saveWindowState(m_options.settingsFile, m_state);
}

void MainWindow::applyStyle()
{
    setStyleSheet(widgets::frameStyle(widgets::Theme::of().palette()));
    m_frame->top->refresh();
    showHealth();
    update();
}

void MainWindow::retranslate()
{
    m_actions.retranslate();
    m_tray.retranslate();
    int index = 0;
    for (const PanelEntry& entry : panelCatalog()) {
        m_frame->nav->setName(index++, QCoreApplication::translate("widgets::Actions", entry.title));
    }
    m_frame->top->refresh();
    if (m_snapshot) {
        m_frame->nav->showSnapshot(*m_snapshot);
        m_frame->status->showSnapshot(*m_snapshot);
        m_frame->banners->showSnapshot(*m_snapshot);
    }
    showHealth();
    feedPanel();
    for (widgets::TableView* table : findChildren<widgets::TableView*>()) {
        table->viewport()->update();
    }
}

widgets::Panel* MainWindow::panelAt(int index)
{
    auto& panel = m_panels[static_cast<std::size_t>(index)];
    if (!panel) {
        const PanelEntry& entry = panelCatalog()[static_cast<std::size_t>(index)];
        panel = entry.make(entry.about == About::Own ? ownContext(m_context, m_options) : m_context, m_frame->stack);
        m_frame->stack->addWidget(panel);
        connect(panel, &widgets::Panel::panelRequested, this, &MainWindow::openPanel);
        connect(panel, &widgets::Panel::toast, this, &MainWindow::tell);
        for (widgets::TableView* table : panel->findChildren<widgets::TableView*>()) {
            table->restoreHeader(m_state.columns.value(table->objectName()));
        }
        connect(panel, &widgets::Panel::travelAsked, this, &MainWindow::travel);
        connect(panel, &widgets::Panel::noteAsked, this, &MainWindow::openNoteDialog);
        panel->restoreState(
            m_state.panels.value(QString::fromLatin1(panelCatalog()[static_cast<std::size_t>(index)].id)));
        panel->setTimeRange(m_travel.range());
    }
    return panel;
}

void MainWindow::showPanel(int index)
{
    m_current = index;
    m_frame->stack->setCurrentWidget(panelAt(index));
    m_frame->nav->choose(index);
    feedPanel();
}

void MainWindow::openPanel(const QString& name, const QString& hint)
{
    int index = 0;
    for (const PanelEntry& entry : panelCatalog()) {
        if (name == QLatin1String(entry.id)) {
            showPanel(index);
            if (!hint.isEmpty()) {
                panelAt(index)->showHint(hint);
            }
            return;
        }
        ++index;
    }
}

QString MainWindow::panelId(int index)
{
    return QString::fromLatin1(panelCatalog()[static_cast<std::size_t>(index)].id);
}

QString MainWindow::currentPanel() const
{
    return m_current < 0 ? QString()
                         : QString::fromLatin1(panelCatalog()[static_cast<std::size_t>(m_current)].id);
}

void MainWindow::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    models::Zone::of().setServer(QByteArray::fromStdString(snapshot->server.timeZone));
    m_snapshot = snapshot;
    m_sinceSnapshot.start();
    m_travel.setNow(core::epochMillis(snapshot->at));
    m_behind += m_travel.range().paused ? 1 : 0;
    m_frame->nav->showSnapshot(*snapshot);
    m_frame->status->showSnapshot(*snapshot);
    m_frame->banners->showSnapshot(*snapshot);
    m_frame->strip->append(core::epochMillis(snapshot->at), widgets::healthOf(*snapshot).level,
                           std::chrono::duration_cast<std::chrono::milliseconds>(snapshot->interval));
    if (m_travel.range().paused) {
        m_frame->top->setRange(m_travel.range(), m_behind);
    } else if (m_marks) { // of a range that was travelled to the list stays, whichever of its marks is looked at
        m_marks->follow(m_travel.start(), m_travel.end());
    }
    showHealth();
    feedPanel();
}

void MainWindow::feedPanel()
{
    if (m_current < 0 || !m_snapshot || isMinimized()) {
        return;
    }
    const bool still =
        m_travel.range().paused &&
        panelCatalog()[static_cast<std::size_t>(m_current)].whilePaused == WhilePaused::StandsStill;
    panelAt(m_current)->showSnapshot(still && m_frozen ? m_frozen : m_snapshot);
}

void MainWindow::showHealth()
{
    const widgets::Health health = m_snapshot ? widgets::healthOf(*m_snapshot) : widgets::Health{};
    static const metrics::Snapshot kNothing;
    m_frame->top->showSnapshot(m_snapshot ? *m_snapshot : kNothing, health);
    QString title = widgets::Theme::word(health.level);
    if (!health.value.isEmpty()) {
        title += QLatin1Char(' ') + health.value;
    }
    if (!health.cause.isEmpty()) {
        title += QStringLiteral(" · ") + health.cause;
    }
    title += QStringLiteral(" – Poolscope");
    if (!m_options.recording.isEmpty()) {
        title = tr("Recording %1").arg(m_options.recording) + QStringLiteral(": ") + title;
    }
    if (title != windowTitle()) {
        setWindowTitle(title);
        setWindowIcon(widgets::Theme::of().statusIcon(health.level));
    }
    if (m_options.recording.isEmpty()) {
        m_tray.show(health, m_snapshot ? widgets::countAlerts(widgets::shownAlerts(*m_snapshot)).firing : 0);
    }
}

void MainWindow::watchSilence()
{
    if (!m_snapshot) {
        return;
    }
    const auto silent = std::chrono::milliseconds(m_sinceSnapshot.elapsed());
    if (silent > std::max<core::Nanos>(3s, 3 * m_snapshot->interval)) {
        m_frame->top->showSilence(silent);
    }
}

void MainWindow::setLanguage(core::Lang lang)
{
    m_state.lang = lang;
    m_language.apply(lang);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::LanguageChange);
    retranslate();
    Q_EMIT languageChanged(lang);
}

void MainWindow::setThemeMode(widgets::ThemeMode mode)
{
    widgets::Theme::of().apply(mode);
}

void MainWindow::tell(const QString& text)
{
    m_toast->tell(text);
}

void MainWindow::offerUndo(const QString& text, std::function<void()> undo)
{
    m_toast->offer(text, tr("Undo"), std::move(undo));
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    remember();
    QMainWindow::closeEvent(event);
}

void MainWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    QTimer::singleShot(kFrameKnown, this, [this] { fitIntoScreen(*this); });
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    // Space presses the button or opens the list that has the focus; only elsewhere it pauses.
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space &&
        (qobject_cast<QAbstractButton*>(watched) || qobject_cast<QComboBox*>(watched))) {
        event->accept();
        return true;
    }
    return QMainWindow::eventFilter(watched, event);
}

} // namespace app
