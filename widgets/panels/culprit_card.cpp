#include "widgets/panels/culprit_card.h"

#include "models/text.h"
#include "widgets/table_view.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <memory>

namespace widgets {

namespace {

constexpr int kHeight = 190; // px: the head and some five rows

std::vector<metrics::Exemplar> newestOf(const metrics::Snapshot& snapshot, const CulpritCard::Choice& choice)
{
    std::vector<metrics::Exemplar> found;
    const metrics::Family* family = snapshot.find(choice.family);
    for (std::size_t i = 0; family != nullptr && i < family->series.size(); ++i) {
        if (const auto& histogram = family->series[i].histogram) {
            std::copy_if(histogram->exemplars.begin(), histogram->exemplars.end(), std::back_inserter(found),
                         [&](const auto& e) { return e.value > choice.from && e.value <= choice.to; });
        }
    }
    return found;
}

QString rangeOf(const CulpritCard::Choice& choice)
{
    const QString from = models::valueText(std::max(choice.from, 0.0), core::Unit::Seconds);
    if (std::isinf(choice.to) || choice.to > 1e8) {
        return QStringLiteral("> ") + from;
    }
    return from + QStringLiteral(" … ") + models::valueText(choice.to, core::Unit::Seconds);
}

} // namespace

CulpritCard::CulpritCard(const metrics::PoolWitness* witness, QWidget* parent)
    : Card(parent)
    , m_witness(witness)
    , m_view(new TableView(QStringLiteral("culprits"), this))
    , m_close(new QToolButton(this))
{
    m_view->setModel(&m_model);
    m_view->setColumnWidths({110, 90, 150, 60, 260});
    m_close->setObjectName(QStringLiteral("culprits.close"));
    m_close->setProperty("kind", QStringLiteral("segment"));
    m_close->setText(QStringLiteral("✕"));
    head()->addWidget(m_close);
    body()->addWidget(m_view);
    setFixedHeight(kHeight);
    hide();
    connect(m_view, &TableView::notice, this, &CulpritCard::notice);
    connect(m_close, &QToolButton::clicked, this, [this] {
        m_choice.reset();
        hide();
    });
    retranslate();
}

void CulpritCard::choose(const Choice& choice, const metrics::Snapshot& snapshot)
{
    m_choice = choice;
    setTitle(tr("Culprits: %1, %2").arg(choice.title, rangeOf(choice)));
    follow(snapshot);
    show();
}

void CulpritCard::follow(const metrics::Snapshot& snapshot)
{
    if (!m_choice) {
        return;
    }
    auto rows = std::make_shared<std::vector<metrics::Exemplar>>(
        m_witness != nullptr ? m_witness->culprits(m_choice->stage, m_choice->from, m_choice->to)
                             : newestOf(snapshot, *m_choice));
    setNote(rows->empty() ? QString() : tr("the last %1").arg(rows->size()));
    m_model.show(std::move(rows));
}

void CulpritCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    Card::changeEvent(event);
}

void CulpritCard::retranslate()
{
    m_close->setAccessibleName(tr("Close the list of culprits"));
    m_close->setToolTip(tr("Close"));
    m_view->setAccessibleName(tr("Culprits"));
    m_view->setEmptyText(tr("None of these is remembered: the last eight of each bucket are kept."));
}

} // namespace widgets
