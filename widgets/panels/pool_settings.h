// The form with every setting of the pool: what it is now, what it would become, apply, undo.
#pragma once

#include "widgets/card.h"
#include "widgets/panels/panel.h"
#include "widgets/panels/pool_knobs.h"

#include <vector>

class QGridLayout;
class QLabel;
class QPushButton;

namespace widgets {

class PoolSettings final : public Card {
    Q_OBJECT
public:
    explicit PoolSettings(const Commands* commands, QWidget* parent = nullptr);
    // Fields nobody touched follow the pool; touched ones keep what was typed.
    void showSnapshot(const metrics::Snapshot& snapshot);
    // What would change: knob by value, as Commands::configurePool takes it.
    [[nodiscard]] QMap<QString, double> changes() const;

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Field {
        const PoolKnob* knob;
        QLabel* title;
        QWidget* editor; // QSpinBox, QDoubleSpinBox or QComboBox, by kind
        QLabel* help;    // beside it while there is room
        double now;
        bool touched = false;
    };

    void addField(const PoolKnob& knob, int row, QGridLayout& grid);
    [[nodiscard]] QWidget* makeEditor(const PoolKnob& knob);
    void touch(const PoolKnob* knob);
    void put(Field& field, double value);
    [[nodiscard]] static double edited(const Field& field);
    [[nodiscard]] static bool differs(const Field& field);
    void apply();
    void undo();
    void showChanges();
    void showHelp();
    void retranslate();

    const Commands* m_commands;
    std::vector<Field> m_fields;
    QMap<QString, double> m_before; // what apply() last replaced
    QLabel* m_summary;
    QPushButton* m_apply;
    QPushButton* m_undo;
    bool m_filling = false;
};

} // namespace widgets
