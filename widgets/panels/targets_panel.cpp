#include "widgets/panels/targets_panel.h"

#include "models/text.h"
#include "widgets/card.h"
#include "widgets/combo_box.h"
#include "widgets/delegates/target_delegate.h"
#include "widgets/panels/remote_targets.h"
#include "widgets/panels/target_waits.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDataStream>
#include <QIODevice>
#include <QEvent>
#include <QItemSelectionModel>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QButtonGroup>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>
#include <map>
#include <utility>

namespace widgets {

namespace {

// Environments, then tags, each once.
QStringList groupsOf(const std::vector<models::TargetRow>& rows)
{
    QStringList environments;
    QStringList tags;
    for (const models::TargetRow& row : rows) {
        if (!row.environment.empty()) {
            environments << models::text(row.environment);
        }
        tags << models::text(row.tags).split(QStringLiteral(", "), Qt::SkipEmptyParts);
    }
    for (QStringList* list : {&environments, &tags}) {
        list->sort(Qt::CaseInsensitive);
        list->removeDuplicates();
    }
    return environments + tags;
}

bool isOf(const models::TargetRow& row, const QString& group)
{
    return models::text(row.environment) == group ||
           models::text(row.tags).split(QStringLiteral(", ")).contains(group);
}

} // namespace

TargetsPanel::TargetsPanel(const PanelContext& context, QWidget* parent)
    : Panel(context, parent)
    , m_card(new Card(this))
    , m_add(new QPushButton(m_card))
    , m_grouping(new ComboBox(m_card))
    , m_group(new ComboBox(m_card))
    , m_needle(new QLineEdit(m_card))
    , m_view(new TableView(QStringLiteral("targets"), m_card))
    , m_stack(new QStackedWidget(m_card))
    , m_remote(new RemoteTargets(context.commands != nullptr ? &context.commands->remote : nullptr, m_card))
    , m_here(new QToolButton(m_card))
    , m_there(new QToolButton(m_card))
{
    buildRemote();
    buildHead();
    buildTable();
    buildActions();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kMedium, space::kLarge, space::kMedium);
    layout->addWidget(m_card);
    retranslate();
}

void TargetsPanel::buildHead()
{
    m_group->setObjectName(QStringLiteral("targets.group"));
    m_needle->setObjectName(QStringLiteral("targets.needle"));
    m_group->addItem(QString());
    m_group->setMinimumWidth(150);
    m_grouping->setObjectName(QStringLiteral("targets.grouping"));
    m_grouping->addItems({QString(), QString(), QString(), QString()});
    m_add->setObjectName(QStringLiteral("targets.add"));
    m_add->setProperty("kind", QStringLiteral("primary"));
    m_needle->setClearButtonEnabled(true);
    m_needle->setMinimumWidth(130);
    m_card->head()->addWidget(m_grouping);
    m_card->head()->addWidget(m_group);
    m_card->head()->addWidget(m_needle);
    m_card->head()->addWidget(m_add);
    connect(m_needle, &QLineEdit::textChanged, this,
            [this](const QString& text) {
                m_order.setNeedle(text);
                m_remote->setNeedle(text);
            });
    const auto again = [this] {
        if (m_snapshot) {
            showSnapshot(m_snapshot);
        }
    };
    connect(m_group, &QComboBox::currentIndexChanged, this, again);
    connect(m_grouping, &QComboBox::currentIndexChanged, this, again);
}

void TargetsPanel::buildTable()
{
    m_order.setSourceModel(&m_model);
    m_view->setModel(&m_order);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(0, Qt::AscendingOrder);
    dressTargetTable(*m_view);
    m_view->installEventFilter(this);
    connect(m_view, &TableView::notice, this, &TargetsPanel::toast);
    connect(m_view, &QTableView::clicked, this, [this](const QModelIndex& index) {
        if (index.column() == 0) {
            fold(index);
        }
    });
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_remote);
    m_card->body()->addWidget(m_stack, 1);
}

// What servers see, beside what is watched from here.
void TargetsPanel::buildRemote()
{
    m_here->setObjectName(QStringLiteral("targets.here"));
    m_there->setObjectName(QStringLiteral("targets.there"));
    auto* group = new QButtonGroup(m_card);
    for (QToolButton* tab : {m_here, m_there}) {
        tab->setProperty("kind", QStringLiteral("segment"));
        tab->setCheckable(true);
        tab->hide();
        group->addButton(tab);
        m_card->head()->addWidget(tab);
    }
    m_here->setChecked(true);
    connect(group, &QButtonGroup::buttonClicked, this, [this] {
        m_stack->setCurrentIndex(m_there->isChecked() ? 1 : 0);
        if (m_snapshot) {
            showSnapshot(m_snapshot);
        }
    });
    connect(m_remote, &RemoteTargets::notice, this, &TargetsPanel::toast);
    connect(m_remote, &RemoteTargets::watchAsked, this, [this](const QString& url) {
        metrics::TargetSetup setup;
        setup.url = url.toStdString();
        openDialog(std::move(setup), Opened::AsNew);
    });
}

void TargetsPanel::showRemote()
{
    m_remote->refresh();
    const bool watched = m_remote->isWatched();
    m_here->setVisible(watched);
    m_there->setVisible(watched);
    m_here->setText(tr("Watched here"));
    m_there->setText(tr("At Prometheus %1").arg(m_remote->count()));
    const bool there = m_stack->currentIndex() == 1;
    m_grouping->setVisible(!there);
    m_group->setVisible(!there);
    if (there) {
        m_card->setNote(tr("targets: %1 · down: %2").arg(m_remote->count()).arg(m_remote->down()));
    }
}

void TargetsPanel::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    m_snapshot = snapshot;
    std::vector<models::TargetRow> rows = models::targetRows(*snapshot);
    showGroups(rows);
    if (m_group->currentIndex() > 0) {
        std::erase_if(rows,
                      [this](const models::TargetRow& row) { return !isOf(row, m_group->currentText()); });
    }
    addMeanWaits(rows, context().querier, snapshot->at);
    showCounts(rows);
    showRemote();
    m_model.show(models::groupedRows(
        std::move(rows), static_cast<models::TargetGrouping>(std::max(m_grouping->currentIndex(), 0)),
        m_folded));
    showActions();
}

// Of a head: its group's rows go or come.
void TargetsPanel::fold(const QModelIndex& index)
{
    if (!index.data(models::HeadRole).toBool()) {
        return;
    }
    const std::string group = index.data(models::GroupRole).toString().toStdString();
    if (m_folded.erase(group) == 0) {
        m_folded.insert(group);
    }
    m_order.setFolded(m_folded);
    showSnapshot(m_snapshot);
}

bool TargetsPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_view && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const QModelIndex index = m_view->currentIndex();
        const bool head = index.data(models::HeadRole).toBool();
        const bool folded = m_folded.contains(index.data(models::GroupRole).toString().toStdString());
        if (head && (key == Qt::Key_Return || key == Qt::Key_Enter || (key == Qt::Key_Left && !folded) ||
                     (key == Qt::Key_Right && folded))) {
            fold(index);
            return true;
        }
    }
    return Panel::eventFilter(watched, event);
}

void TargetsPanel::showHint(const QString& hint)
{
    if (hint == QLatin1String(":add")) {
        openDialog({}, Opened::AsNew);
        return;
    }
    for (int row = 0; row < m_order.rowCount(); ++row) {
        if (m_order.index(row, 0).data(models::NameRole).toString() == hint &&
            !m_order.index(row, 0).data(models::HeadRole).toBool()) {
            m_view->selectRow(row);
            m_view->scrollTo(m_order.index(row, 0));
            return;
        }
    }
}

QByteArray TargetsPanel::state() const
{
    QByteArray bytes;
    QDataStream out(&bytes, QIODevice::WriteOnly);
    QStringList folded;
    for (const std::string& group : m_folded) {
        folded << models::text(group);
    }
    out << qint32(1) << qint32(m_grouping->currentIndex()) << folded;
    return bytes;
}

void TargetsPanel::restoreState(const QByteArray& state)
{
    QDataStream in(state);
    qint32 version = 0;
    qint32 grouping = 0;
    QStringList folded;
    in >> version >> grouping >> folded;
    if (in.status() != QDataStream::Ok || version != 1) {
        return;
    }
    for (const QString& group : folded) {
        m_folded.insert(group.toStdString());
    }
    m_order.setFolded(m_folded);
    m_grouping->setCurrentIndex(std::clamp<int>(grouping, 0, m_grouping->count() - 1));
}

// The choice stays while there is such a group.
void TargetsPanel::showGroups(const std::vector<models::TargetRow>& rows)
{
    const QStringList groups = groupsOf(rows);
    QStringList shown;
    for (int i = 1; i < m_group->count(); ++i) {
        shown << m_group->itemText(i);
    }
    if (groups == shown) {
        return;
    }
    const QSignalBlocker quiet(m_group);
    const QString chosen = m_group->currentIndex() > 0 ? m_group->currentText() : QString();
    while (m_group->count() > 1) {
        m_group->removeItem(1);
    }
    m_group->addItems(groups);
    m_group->setCurrentIndex(chosen.isEmpty() ? 0 : std::max(0, m_group->findText(chosen)));
}

void TargetsPanel::showCounts(const std::vector<models::TargetRow>& rows)
{
    const auto bad =
        std::count_if(rows.begin(), rows.end(), [](const models::TargetRow& row) { return row.inTrouble(); });
    m_card->setNote(rows.empty() ? QString() : tr("pools: %1 · in trouble: %2").arg(rows.size()).arg(bad));
}

void TargetsPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    Panel::changeEvent(event);
}

void TargetsPanel::retranslate()
{
    m_card->setTitle(tr("Watched pools"));
    m_view->setAccessibleName(tr("Watched pools"));
    m_group->setItemText(0, tr("All environments and tags"));
    m_group->setAccessibleName(tr("Environment or tag"));
    m_needle->setPlaceholderText(tr("Find …"));
    m_needle->setAccessibleName(tr("Find …"));
    m_add->setText(tr("Add a target …"));
    m_add->setToolTip(tr("Paste the address of a service's metrics (Ctrl+N)"));
    const QString groupings[] = {tr("No groups"), tr("By environment"), tr("By tag"), tr("By kind")};
    for (int i = 0; i < m_grouping->count(); ++i) {
        m_grouping->setItemText(i, groupings[i]);
    }
    m_grouping->setAccessibleName(tr("Groups"));
    retranslateActions();
    m_view->setEmptyText(tr(
        "No other pool is watched yet.\nAdd one: paste the address of a service's metrics, of a PgBouncer "
        "or of another Poolscope (Ctrl+N).\nPrometheus' discovery files are read from the folder targets.d "
        "in the data folder."));
    if (m_snapshot) {
        showSnapshot(m_snapshot);
    }
}

} // namespace widgets
