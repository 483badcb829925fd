// Who is behind a bar of a histogram or a cell of a heat map: its last observations with caller, place in the
// code and statement.
#pragma once

#include "models/exemplar_model.h"
#include "monitor/metrics/pool_trace.h"
#include "widgets/card.h"

#include <QString>

#include <optional>

class QToolButton;

namespace widgets {

class TableView;

// Main thread only. Hidden until something was chosen.
class CulpritCard final : public Card {
    Q_OBJECT
public:
    // `witness` may be null: then the newest of each bucket is told, as the snapshot has it.
    explicit CulpritCard(const metrics::PoolWitness* witness, QWidget* parent = nullptr);

    struct Choice {
        metrics::Stage stage = metrics::Stage::Wait;
        QString title; // what is timed, in the present language
        const char* family = "";
        double from = 0; // s, exclusive
        double to = 0;   // s, inclusive; infinite for the last bucket
    };
    void choose(const Choice& choice, const metrics::Snapshot& snapshot);
    // The same choice, a tick later.
    void follow(const metrics::Snapshot& snapshot);
    [[nodiscard]] const std::optional<Choice>& choice() const noexcept { return m_choice; }

Q_SIGNALS:
    void notice(const QString& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    const metrics::PoolWitness* m_witness;
    models::ExemplarModel m_model;
    TableView* m_view;
    QToolButton* m_close;
    std::optional<Choice> m_choice;
};

} // namespace widgets
