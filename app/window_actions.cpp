// What a person can do in the window, with the keys for it: the part of MainWindow that fills the action
// list.
#include "app/main_window.h"
#include "app/panel_catalog.h"
#include "app/window_frame.h"
#include "models/target_model.h"
#include "models/text.h"
#include "widgets/command_palette.h"
#include "widgets/dialogs/shortcut_sheet.h"
#include "widgets/dialogs/target_chooser.h"

#include <algorithm>
#include <string>
#include <vector>

namespace app {

namespace {

using namespace std::chrono_literals;

constexpr const char* kPanels = QT_TRANSLATE_NOOP("widgets::Actions", "Panels");
constexpr const char* kTime = QT_TRANSLATE_NOOP("widgets::Actions", "Time");
constexpr const char* kDo = QT_TRANSLATE_NOOP("widgets::Actions", "Do");
constexpr const char* kView = QT_TRANSLATE_NOOP("widgets::Actions", "View");
constexpr const char* kProgram = QT_TRANSLATE_NOOP("widgets::Actions", "Program");

} // namespace

void MainWindow::addActions()
{
    addPanelActions();
    addTimeActions();
    addViewActions();
    addCommandActions();
    m_actions.add({"palette", QT_TRANSLATE_NOOP("widgets::Actions", "Find an action"), kProgram, "Ctrl+K"},
                  [this] { m_palette->open(); });
    m_actions.add({"shortcuts", QT_TRANSLATE_NOOP("widgets::Actions", "Keyboard shortcuts"), kProgram, "F1"},
                  [this] { openShortcuts(); });
    m_actions.add({"quit", QT_TRANSLATE_NOOP("widgets::Actions", "Quit"), kProgram, "Ctrl+Q"},
                  [this] { close(); });
}

void MainWindow::addPanelActions()
{
    // Kept here so that the specifications' texts outlive the actions.
    static const std::vector<std::string> kIds = [] {
        std::vector<std::string> ids;
        for (const PanelEntry& entry : panelCatalog()) {
            ids.push_back(std::string("panel.") + entry.id);
        }
        return ids;
    }();
    static const std::vector<std::string> kKeys = [] {
        std::vector<std::string> keys;
        for (std::size_t i = 1; i <= panelCatalog().size(); ++i) {
            keys.push_back(std::to_string(i % 10) + "; Alt+" + std::to_string(i % 10)); // the tenth has 0
        }
        return keys;
    }();
    for (std::size_t i = 0; i < kIds.size(); ++i) {
        m_actions.add({kIds[i].c_str(), panelCatalog()[i].title, kPanels, kKeys[i].c_str()},
                      [this, i] { showPanel(static_cast<int>(i)); });
    }
}

void MainWindow::addViewActions()
{
    m_actions.add({"zone", QT_TRANSLATE_NOOP("widgets::Actions", "Local time, UTC, the server's"), kTime, "T"},
                  [this] { switchZone(); });
    addSourceActions();
    m_actions.add({"theme", QT_TRANSLATE_NOOP("widgets::Actions", "Dark or light"), kView, "Ctrl+T"}, [this] {
        setThemeMode(widgets::Theme::of().palette().dark ? widgets::ThemeMode::Light
                                                         : widgets::ThemeMode::Dark);
    });
    m_actions.add({"fullscreen", QT_TRANSLATE_NOOP("widgets::Actions", "Full screen"), kView, "F11"},
                  [this] { toggleFullScreen(); });
    m_actions.add({"language.en", "English", kView}, [this] { setLanguage(core::Lang::English); });
    m_actions.add({"language.zh", "简体中文", kView}, [this] { setLanguage(core::Lang::Chinese); });
}

void MainWindow::addCommandActions()
{
    m_actions.add({"export.range", QT_TRANSLATE_NOOP("widgets::Actions", "Export the range shown…"), kDo, "Ctrl+Shift+E"},
                  [this] { askForFileOfRange(widgets::FileWish::Kind::Samples); });
    m_actions.add({"report", QT_TRANSLATE_NOOP("widgets::Actions", "Report of the range shown…"), kDo, "Ctrl+Shift+R"},
                  [this] { askForFileOfRange(widgets::FileWish::Kind::Report); });
    m_actions.add({"picture", QT_TRANSLATE_NOOP("widgets::Actions", "Save the panel as a picture…"), kDo, "Ctrl+Shift+P"},
                  [this] { savePanelPicture(); });
    m_actions.add({"plot", QT_TRANSLATE_NOOP("widgets::Actions", "Plot an expression (PromQL)"), kDo, "Ctrl+P"},
                  [this] {
                      openPanel(QStringLiteral("explore"));
                      panelAt(m_current)->showHint({});
                  });
    m_actions.add({"choose_targets", QT_TRANSLATE_NOOP("widgets::Actions", "Show the own pool or targets…"), kView, "Ctrl+G"},
                  [this] { chooseTargets(); });
    if (m_options.recording.isEmpty()) {
        addLiveActions();
    }
}

// What was cannot be changed, so that these are not offered in a recording.
void MainWindow::addLiveActions()
{
    m_actions.add({"export", QT_TRANSLATE_NOOP("widgets::Actions", "Export CSV…"), kDo, "Ctrl+E"},
                  [this] { exportCsv(); });
    m_actions.add({"add_target", QT_TRANSLATE_NOOP("widgets::Actions", "Add a target…"), kDo, "Ctrl+N"},
                  [this] { openPanel(QStringLiteral("targets"), QStringLiteral(":add")); });
    m_actions.add({"stop_scenarios", QT_TRANSLATE_NOOP("widgets::Actions", "Stop all scenarios"), kDo, "Esc"},
                  [this] { stopScenarios(); });
    m_actions.add({"retry", QT_TRANSLATE_NOOP("widgets::Actions", "Retry the connection now"), kDo, "R"},
                  [this] { retryNow(); });
    m_actions.add({"reload_rules", QT_TRANSLATE_NOOP("widgets::Actions", "Reload the alert rules"), kDo, "Ctrl+R"}, [this] {
        if (m_context.commands && m_context.commands->reloadRules) {
            m_context.commands->reloadRules();
        }
    });
    m_actions.add({"read_configuration", QT_TRANSLATE_NOOP("widgets::Actions", "Read the configuration file again"), kProgram, "F5"},
                  [this] {
                      if (m_context.commands && m_context.commands->readConfiguration) {
                          m_context.commands->readConfiguration();
                      }
                  });
}

void MainWindow::retryNow()
{
    if (m_context.commands && m_context.commands->retryNow) {
        m_context.commands->retryNow();
        tell(tr("Trying again"));
    }
}

void MainWindow::chooseTargets()
{
    std::vector<widgets::TargetChooser::Choice> choices;
    for (const models::TargetRow& row : m_snapshot ? models::targetRows(*m_snapshot) : std::vector<models::TargetRow>()) {
        const QString name = models::text(row.target);
        const auto known = std::find_if(choices.begin(), choices.end(), [&](const auto& choice) { return choice.name == name; });
        if (known == choices.end()) {
            choices.push_back({name, models::text(row.environment + (row.environment.empty() ? "" : " ") + row.tags)});
        }
    }
    std::sort(choices.begin(), choices.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    (new widgets::TargetChooser(m_scope, choices, this))->show();
}

// A recording has its own past only; here the configuration may name servers at any time.
void MainWindow::addSourceActions()
{
    if (!m_options.recording.isEmpty()) {
        return;
    }
    m_actions.add({"time.source", QT_TRANSLATE_NOOP("widgets::Actions", "History from this console or a server"), kTime, "H"}, [this] {
        if (m_past.servers().empty()) {
            tell(tr("No server is named under prometheus: in the configuration"));
            return;
        }
        m_past.chooseNext();
        tell(m_past.chosen() == nullptr ? tr("History from this console") : tr("History from %1").arg(m_past.name()));
    });
}

void MainWindow::switchZone()
{
    models::Zone::of().setNext();
}

void MainWindow::toggleFullScreen()
{
    setWindowState(windowState() ^ Qt::WindowFullScreen);
}

void MainWindow::openShortcuts()
{
    (new widgets::ShortcutSheet(m_actions, this))->show();
}

void MainWindow::stopScenarios()
{
    if (!m_snapshot || !m_context.commands || !m_context.commands->stopScenario) {
        return;
    }
    int stopped = 0;
    for (const metrics::ScenarioRow& row : m_snapshot->scenarios) {
        if (row.state == metrics::ScenarioState::Running) {
            m_context.commands->stopScenario(models::text(row.name));
            ++stopped;
        }
    }
    if (stopped > 0) {
        tell(tr("Scenarios being stopped: %1").arg(stopped));
    }
}

} // namespace app
