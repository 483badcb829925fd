#include "widgets/top_bar.h"

#include "models/text.h"
#include "models/zone.h"
#include "widgets/actions.h"
#include "widgets/icons.h"
#include "widgets/past_source.h"
#include "widgets/pill.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kNarrow = 1180;    // px; below it the zone and the target are short
constexpr int kSourceRoom = 140; // px more with the choice of who is asked for the past
constexpr int kHeight = 48;

constexpr std::size_t kButtons = 5; // the longer ranges are in the menu beside them
constexpr std::size_t kAlways = 2;  // in a narrow window too

QString fullTime(qint64 at)
{
    return models::Zone::of().full(core::WallTime(core::Millis(at)));
}

} // namespace

TopBar::TopBar(const Actions& actions, QWidget* parent)
    : QFrame(parent)
    , m_actions(actions)
{
    setProperty("role", QStringLiteral("topbar"));
    setFixedHeight(kHeight);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(space::kMedium);
    buildLeft(*row);
    row->addStretch(1);
    buildRanges(*row);
    buildRight(*row);
    buildMenus();
    refresh();
}

void TopBar::buildLeft(QBoxLayout& row)
{
    m_logo = new QLabel(this);
    m_name = new QLabel(QStringLiteral("Poolscope"), this);
    m_name->setProperty("role", QStringLiteral("title"));
    QFont font = Theme::of().font(TextRole::Title);
    font.setPixelSize(15);
    m_name->setFont(font);
    m_target = new QToolButton(this);
    m_target->setObjectName(QStringLiteral("top.target"));
    m_target->setPopupMode(QToolButton::InstantPopup);
    m_target->setFocusPolicy(Qt::TabFocus);
    m_targetMenu = new QMenu(m_target);
    m_target->setMenu(m_targetMenu);
    m_health = new Pill(this);
    m_health->setObjectName(QStringLiteral("top.health"));
    connect(m_health, &Pill::clicked, this, &TopBar::healthClicked);
    row.addWidget(m_logo);
    row.addWidget(m_name);
    row.addSpacing(space::kSmall);
    row.addWidget(m_target);
    row.addWidget(m_health);
}

void TopBar::buildRanges(QBoxLayout& row)
{
    auto* group = new QHBoxLayout;
    group->setSpacing(2);
    for (std::size_t i = 0; i < kButtons; ++i) {
        const RangeChoice& choice = kRangeChoices[i];
        QToolButton* button = actionButton("segment", QString::fromLatin1(choice.action));
        button->setText(QString::fromLatin1(choice.label));
        button->setCheckable(true);
        m_ranges.push_back({button, choice.length});
        group->addWidget(button);
    }
    m_more = actionButton("segment", QString());
    m_more->setObjectName(QStringLiteral("top.ranges"));
    m_more->setCheckable(true);
    group->addWidget(m_more);
    row.addLayout(group);
    m_live = new Pill(this, Pill::Rest::Kept);
    m_live->setObjectName(QStringLiteral("top.live"));
    connect(m_live, &Pill::clicked, this, [this] { trigger(QStringLiteral("pause")); });
    row.addWidget(m_live);
}

void TopBar::buildRight(QBoxLayout& row)
{
    m_source = actionButton("quiet", QString());
    m_source->setObjectName(QStringLiteral("top.source"));
    m_source->hide();
    m_zone = actionButton("quiet", QStringLiteral("zone"));
    m_export = new QPushButton(this);
    m_export->setFocusPolicy(Qt::TabFocus);
    connect(m_export, &QPushButton::clicked, this, [this] { trigger(QStringLiteral("export")); });
    m_theme = actionButton("quiet", QStringLiteral("theme"));
    m_language = actionButton("quiet", QString());
    m_menu = actionButton("quiet", QString());
    for (QWidget* widget :
         {static_cast<QWidget*>(m_source), static_cast<QWidget*>(m_zone), static_cast<QWidget*>(m_export),
          static_cast<QWidget*>(m_theme), static_cast<QWidget*>(m_language), static_cast<QWidget*>(m_menu)}) {
        row.addWidget(widget);
    }
}

QToolButton* TopBar::actionButton(const char* kind, const QString& action)
{
    auto* button = new QToolButton(this);
    button->setProperty("kind", QString::fromLatin1(kind));
    button->setFocusPolicy(Qt::TabFocus);
    if (action.isEmpty()) {
        button->setPopupMode(QToolButton::InstantPopup);
    } else {
        button->setObjectName(QStringLiteral("top.") + action);
        connect(button, &QToolButton::clicked, this, [this, action] { trigger(action); });
    }
    return button;
}

void TopBar::buildMenus()
{
    auto* languages = new QMenu(m_language);
    auto* main = new QMenu(m_menu);
    auto* times = new QMenu(m_more);
    QString group;
    for (const Actions::Entry& entry : m_actions.all()) {
        const QString id = QString::fromLatin1(entry.spec.id);
        if (id.startsWith(QLatin1String("language."))) {
            languages->addAction(entry.action);
            continue;
        }
        if (id.startsWith(QLatin1String("range.")) || id.startsWith(QLatin1String("time."))) {
            times->addAction(entry.action);
            continue;
        }
        if (id.startsWith(QLatin1String("panel."))) {
            continue; // the navigation and the buttons beside show them already
        }
        if (!group.isEmpty() && group != QLatin1String(entry.spec.group)) {
            main->addSeparator();
        }
        group = QString::fromLatin1(entry.spec.group);
        main->addAction(entry.action);
    }
    main->addSeparator();
    main->addAction(QStringLiteral("Poolscope ") + QStringLiteral(POOLSCOPE_VERSION))->setEnabled(false);
    m_language->setMenu(languages);
    m_more->setMenu(times);
    m_menu->setMenu(main);
}

void TopBar::trigger(const QString& action)
{
    if (QAction* found = m_actions.find(action)) {
        found->trigger();
    }
    setRange(m_range, m_behind); // a second click on the chosen span must not leave its button up
}

void TopBar::showSnapshot(const metrics::Snapshot& snapshot, const Health& health)
{
    showTarget(snapshot.server);
    const Theme& theme = Theme::of();
    QString strong = Theme::word(health.level).toUpper();
    if (!health.value.isEmpty() && m_shown.isEmpty()) { // the own pool's usage is nobody else's
        strong += QLatin1Char(' ') + health.value;
    }
    QString rest = health.cause;
    if (!rest.isEmpty() && health.since != core::WallTime{} && snapshot.at > health.since) {
        rest += QStringLiteral(" · ") + models::spanText(snapshot.at - health.since);
    }
    m_health->show({health.level, theme.color(health.level), strong, rest, false});
    m_health->setAccessibleName(
        tr("State: %1").arg(rest.isEmpty() ? strong : strong + QStringLiteral(", ") + rest));
}

void TopBar::showSilence(core::Nanos silentFor)
{
    m_health->show({StatusLevel::NoData, Theme::of().color(StatusLevel::NoData),
                    Theme::word(StatusLevel::NoData).toUpper(),
                    tr("nothing for %1").arg(models::spanText(silentFor)), false});
}

void TopBar::setShown(const QStringList& targets)
{
    m_shown = targets;
    m_targetMenu->clear(); // made anew with the next sample
    showTarget(m_server);
}

void TopBar::showTarget(const metrics::ServerView& server)
{
    m_server = server;
    m_targetName = models::text(server.target);
    const QString version = models::text(server.version);
    const QString text = !m_shown.isEmpty()       ? m_shown.join(QStringLiteral(" · "))
                         : m_targetName.isEmpty() ? tr("no server yet")
                         : version.isEmpty()      ? m_targetName
                                             : m_targetName + QStringLiteral(" · PostgreSQL ") + version;
    if (text == m_targetText && !m_targetMenu->isEmpty()) {
        return;
    }
    m_targetText = text;
    m_targetShort = m_shown.size() > 1 ? QStringLiteral("%1 +%2").arg(m_shown.front()).arg(m_shown.size() - 1)
                                       : m_targetName;
    m_target->setAccessibleName(m_shown.isEmpty() ? tr("Server: %1").arg(text) : tr("Shown: %1").arg(text));
    m_target->setToolTip(text);
    m_targetMenu->clear();
    m_targetMenu->addAction(text)->setEnabled(false);
    if (server.maxConnections > 0) {
        m_targetMenu->addAction(tr("At most %1 connections").arg(server.maxConnections))->setEnabled(false);
    }
    m_targetMenu->addSeparator();
    if (QAction* choose = m_actions.find(QStringLiteral("choose_targets"))) {
        m_targetMenu->addAction(choose);
    }
    connect(m_targetMenu->addAction(tr("Copy the server's name")), &QAction::triggered, this,
            [this] { QApplication::clipboard()->setText(m_targetName); });
    fit();
}

void TopBar::setRange(const TimeRange& range, int behind)
{
    m_range = range;
    m_behind = behind;
    for (const RangeButton& entry : m_ranges) {
        entry.button->setChecked(entry.length == range.length);
    }
    fit();
}

void TopBar::showLive()
{
    const TimeRange& range = m_range;
    const Palette& palette = Theme::of().palette();
    const QString strong = range.travelled ? tr("HISTORY") : range.paused ? tr("PAUSED") : tr("LIVE");
    const bool counts = range.paused && !range.travelled;
    const QString rest = !counts                  ? QString()
                         : m_room != Room::Enough ? QStringLiteral("+%1").arg(m_behind)
                                                  : tr("+%1 samples").arg(m_behind);
    m_live->show(
        {StatusLevel::Ok, range.paused ? palette.warning : palette.accent, strong, rest, range.paused});
    m_live->setToolTip(
        range.travelled ? tr("Shows %1 to %2; collecting goes on. Space or End goes live.")
                              .arg(fullTime(range.pausedAt - range.length.count()), fullTime(range.pausedAt))
        : range.paused ? tr("Shows the past; collecting goes on. Space or End goes on live.")
                       : tr("Space pauses what is shown; collecting goes on."));
}

// The length shown, when no button stands for it.
void TopBar::showRangeMenu()
{
    const bool button = std::any_of(m_ranges.begin(), m_ranges.end(), [this](const RangeButton& entry) {
        return entry.length == m_range.length && !entry.button->isHidden();
    });
    const auto choice = std::find_if(kRangeChoices.begin(), kRangeChoices.end(),
                                     [this](const RangeChoice& c) { return c.length == m_range.length; });
    QString text =
        choice != kRangeChoices.end() ? QString::fromLatin1(choice->label) : models::spanText(m_range.length);
    m_more->setText(button ? QStringLiteral("▾") : text + QStringLiteral(" ▾"));
    m_more->setChecked(!button);
    m_more->setAccessibleName(tr("More ranges; shown: %1").arg(text));
    m_more->setToolTip(tr("Other ranges, from … to, back and forward"));
}

void TopBar::offerSources(PastSource& sources)
{
    m_sources = &sources;
    auto* menu = new QMenu(m_source);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        const auto offer = [this, menu](const QString& text, const QString& name) {
            QAction* action = menu->addAction(text, this, [this, name] { m_sources->choose(name); });
            action->setCheckable(true);
            action->setChecked(m_sources->name() == name);
        };
        offer(tr("This console: memory and its own disk"), QString());
        for (const metrics::QuerySource* server : m_sources->servers()) {
            offer(tr("%1: what memory does not hold").arg(models::text(server->name())),
                  models::text(server->name()));
        }
    });
    m_source->setMenu(menu);
    const auto offered = [this] {
        m_source->setVisible(!m_sources->servers().empty());
        fit();
    };
    connect(&sources, &PastSource::changed, this, &TopBar::showSource);
    connect(&sources, &PastSource::serversChanged, this, offered);
    offered();
}

void TopBar::showSource()
{
    if (m_sources == nullptr) {
        return;
    }
    const QString name = m_sources->chosen() == nullptr ? tr("This console") : m_sources->name();
    const int most = width() < kNarrow + kSourceRoom ? 84 : 150; // px
    m_source->setText(m_source->fontMetrics().elidedText(name, Qt::ElideMiddle, most) + QStringLiteral(" ▾"));
    m_source->setAccessibleName(tr("History from: %1").arg(name));
    m_source->setToolTip(tr("History from: %1. What memory does not hold comes from there (H)").arg(name));
}

void TopBar::refresh()
{
    const Palette& palette = Theme::of().palette();
    QPixmap logo(64, 64);
    logo.fill(Qt::transparent);
    QPainter painter(&logo);
    drawSign(painter, QRectF(0, 0, 64, 64), Sign::Logo, palette.accent);
    painter.end();
    logo.setDevicePixelRatio(64.0 / 22.0);
    m_logo->setPixmap(logo);
    m_export->setText(tr("Export"));
    m_export->setToolTip(tr("Writes everything shown now to a CSV file"));
    const struct {
        QToolButton* button;
        Sign sign;
        QString name;
    } signs[] = {{m_theme, Sign::Theme, tr("Dark or light")},
                 {m_language, Sign::Globe, tr("Language")},
                 {m_menu, Sign::Menu, tr("Menu")}};
    for (const auto& entry : signs) {
        entry.button->setIcon(signIcon(entry.sign));
        entry.button->setAccessibleName(entry.name);
        entry.button->setToolTip(entry.name);
    }
    for (const RangeButton& entry : m_ranges) {
        const QString name = tr("Show the last %1").arg(models::spanText(entry.length));
        entry.button->setAccessibleName(name);
        entry.button->setToolTip(name);
    }
    m_targetMenu->clear(); // made anew, in the present language
    showTarget(m_server);
    setRange(m_range, m_behind);
    fit();
}

void TopBar::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    fit();
}

void TopBar::fit()
{
    const bool narrow = width() < kNarrow + (m_sources != nullptr && !m_sources->servers().empty() ? kSourceRoom : 0);
    for (const Room room : {Room::Enough, Room::Less, Room::Little}) {
        if (narrow && room != Room::Little) {
            continue;
        }
        arrange(room);
        layout()->invalidate();
        if (layout()->minimumSize().width() <= width()) {
            return; // else there are long words, or a range that no button stands for
        }
    }
}

void TopBar::arrange(Room room)
{
    m_room = room;
    const bool narrow = room != Room::Enough;
    showLive();
    for (std::size_t i = kAlways; i < m_ranges.size(); ++i) {
        m_ranges[i].button->setVisible(room != Room::Little);
    }
    showRangeMenu();
    showSource();
    const bool brief =
        (narrow || m_shown.size() > 2) && !m_targetShort.isEmpty(); // the panel's title has all names
    m_target->setText((brief ? m_targetShort : m_targetText) + QStringLiteral("  ▾"));
    const QString zone = models::Zone::of().name();
    m_zone->setText(narrow ? zone.section(QLatin1Char(' '), -1) : zone);
    m_zone->setAccessibleName(tr("Time zone: %1").arg(zone));
    m_zone->setToolTip(tr("Times are shown in %1; click for the other zone").arg(zone));
}

} // namespace widgets
