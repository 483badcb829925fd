#include "widgets/command_palette.h"

#include "widgets/actions.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QRegularExpression>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kWidth = 480;
constexpr int kHeight = 360;
constexpr int kIdRole = Qt::UserRole + 1;

// "exp csv" finds "Export CSV…": every word typed must occur.
QString patternOf(const QString& typed)
{
    QString pattern;
    for (const QString& word : typed.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        pattern += QStringLiteral("(?=.*") + QRegularExpression::escape(word) + QLatin1Char(')');
    }
    return pattern;
}

} // namespace

CommandPalette::CommandPalette(const Actions& actions, QWidget* window)
    : QFrame(window)
    , m_actions(actions)
    , m_edit(new QLineEdit(this))
    , m_list(new QListView(this))
{
    setProperty("role", QStringLiteral("popup"));
    m_list->setProperty("role", QStringLiteral("palette"));
    m_fitting.setSourceModel(&m_items);
    m_fitting.setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_list->setModel(&m_fitting);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_edit->installEventFilter(this);
    connect(m_edit, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_list, &QListView::clicked, this, &CommandPalette::runChosen);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kMedium, space::kMedium, space::kMedium, space::kMedium);
    layout->addWidget(m_edit);
    layout->addWidget(m_list);
    hide();
}

void CommandPalette::open()
{
    m_edit->setPlaceholderText(tr("What do you want to do?"));
    m_edit->setAccessibleName(tr("Find an action"));
    m_list->setAccessibleName(tr("Actions found"));
    m_items.clear();
    for (const Actions::Entry& entry : m_actions.all()) {
        if (!entry.action->isEnabled()) {
            continue;
        }
        const QString keys = Actions::keysOf(entry);
        auto* item = new QStandardItem(Actions::groupOf(entry) + QStringLiteral(": ") + entry.action->text() +
                                       (keys.isEmpty() ? QString() : QStringLiteral("    ") + keys));
        item->setData(QString::fromLatin1(entry.spec.id), kIdRole);
        m_items.appendRow(item);
    }
    const QWidget* window = parentWidget();
    const int width = std::min(kWidth, window->width() - 2 * space::kLarge);
    setGeometry((window->width() - width) / 2, 64, width, std::min(kHeight, window->height() - 96));
    m_edit->clear();
    filter({});
    show();
    raise();
    m_edit->setFocus();
}

QStringList CommandPalette::found() const
{
    QStringList ids;
    for (int row = 0; row < m_fitting.rowCount(); ++row) {
        ids += m_fitting.index(row, 0).data(kIdRole).toString();
    }
    return ids;
}

void CommandPalette::filter(const QString& typed)
{
    m_fitting.setFilterRegularExpression(
        QRegularExpression(patternOf(typed), QRegularExpression::CaseInsensitiveOption));
    m_list->setCurrentIndex(m_fitting.index(0, 0));
}

void CommandPalette::runChosen()
{
    const QString id = m_list->currentIndex().data(kIdRole).toString();
    hide();
    parentWidget()->setFocus();
    if (QAction* action = m_actions.find(id)) {
        action->trigger();
    }
}

bool CommandPalette::handleKey(int key)
{
    const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
    if (step != 0) {
        const int row =
            std::clamp(m_list->currentIndex().row() + step, 0, std::max(0, m_fitting.rowCount() - 1));
        m_list->setCurrentIndex(m_fitting.index(row, 0));
        return true;
    }
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        runChosen();
        return true;
    }
    if (key == Qt::Key_Escape) {
        hide();
        parentWidget()->setFocus();
        return true;
    }
    return false;
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_edit && event->type() == QEvent::ShortcutOverride) {
        event->accept(); // keys typed here belong here, Esc above all
        return true;
    }
    if (watched == m_edit && event->type() == QEvent::KeyPress &&
        handleKey(static_cast<QKeyEvent*>(event)->key())) {
        return true;
    }
    if (watched == m_edit && event->type() == QEvent::FocusOut && isVisible()) {
        hide();
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace widgets
