#include "widgets/dialogs/target_chooser.h"

#include "widgets/target_scope.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalBlocker>

namespace widgets {

TargetChooser::TargetChooser(TargetScope& scope, const std::vector<Choice>& choices, QWidget* parent)
    : QDialog(parent)
    , m_scope(scope)
    , m_needle(new QLineEdit(this))
    , m_list(new QListWidget(this))
    , m_count(new QLabel(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("target.chooser"));
    setWindowTitle(tr("What is shown"));
    m_needle->setObjectName(QStringLiteral("chooser.needle"));
    m_needle->setPlaceholderText(tr("Find …"));
    m_needle->setAccessibleName(tr("Find …"));
    m_list->setObjectName(QStringLiteral("chooser.list"));
    m_list->setAccessibleName(tr("Watched targets"));
    m_count->setProperty("role", QStringLiteral("muted"));
    m_count->setWordWrap(true);
    for (const Choice& choice : choices) {
        auto* item = new QListWidgetItem(
            choice.about.isEmpty() ? choice.name : choice.name + QStringLiteral("   ") + choice.about);
        item->setData(Qt::UserRole, choice.name);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(scope.chosen().contains(choice.name) ? Qt::Checked : Qt::Unchecked);
        m_list->addItem(item);
    }
    auto* own = new QPushButton(tr("Show the own pool"), this);
    own->setObjectName(QStringLiteral("chooser.own"));
    own->setAutoDefault(false);
    auto* close = new QPushButton(tr("Close"), this);
    close->setAutoDefault(false);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(own);
    buttons->addStretch(1);
    buttons->addWidget(close);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kLarge, space::kLarge, space::kLarge);
    layout->addWidget(m_needle);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_count);
    layout->addLayout(buttons);
    connect(m_needle, &QLineEdit::textChanged, this, &TargetChooser::filter);
    connect(m_list, &QListWidget::itemChanged, this, &TargetChooser::take);
    connect(m_list, &QListWidget::itemActivated, this, [](QListWidgetItem* item) {
        item->setCheckState(item->checkState() == Qt::Checked ? Qt::Unchecked : Qt::Checked);
    });
    connect(own, &QPushButton::clicked, this, [this] {
        m_scope.chooseOwn();
        accept();
    });
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    showCount();
    resize(420, 480);
    m_needle->setFocus();
}

void TargetChooser::filter(const QString& needle)
{
    for (int row = 0; row < m_list->count(); ++row) {
        m_list->item(row)->setHidden(!m_list->item(row)->text().contains(needle, Qt::CaseInsensitive));
    }
}

// In the order in which they were ticked; beyond the most, the last tick is taken back.
void TargetChooser::take()
{
    QStringList chosen = m_scope.chosen();
    for (int row = 0; row < m_list->count(); ++row) {
        QListWidgetItem* item = m_list->item(row);
        const QString name = item->data(Qt::UserRole).toString();
        if (item->checkState() == Qt::Unchecked) {
            chosen.removeAll(name);
        } else if (!chosen.contains(name)) {
            if (chosen.size() >= TargetScope::kMost) {
                const QSignalBlocker quiet(m_list);
                item->setCheckState(Qt::Unchecked);
            } else {
                chosen << name;
            }
        }
    }
    m_scope.choose(chosen);
    showCount();
}

void TargetChooser::showCount()
{
    const qsizetype count = m_scope.chosen().size();
    m_count->setText(m_list->count() == 0 ? tr("No target is watched yet: add one in the panel Targets.")
                     : count == 0         ? tr("Nothing is ticked: the own pool is shown.")
                     : count == TargetScope::kMost
                         ? tr("%1 are compared, more cannot be told apart.").arg(count)
                         : tr("Overview, Pool and Latency show what is ticked."));
}

} // namespace widgets
