// One expression of the Explore panel: its letter, the field, what is wrong with it.
#pragma once

#include "widgets/explore/expression_edit.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace widgets {

// Main thread only.
class ExpressionRow final : public QWidget {
    Q_OBJECT
public:
    explicit ExpressionRow(QWidget* parent = nullptr);
    [[nodiscard]] ExpressionEdit* edit() const noexcept { return m_edit; }
    // "A", "B" …: as its series are called in the result.
    void setLetter(const QString& letter);
    [[nodiscard]] QString letter() const;
    // A refusal in the querier's words; empty: nothing is wrong.
    void setProblem(const QString& message);
    [[nodiscard]] QString problem() const;
    // One field of a form: no letter, nothing to take away; the field gets this object name.
    void useAlone(const QString& name);
    enum class Removal { Possible, Impossible };
    void setRemoval(Removal removal);

Q_SIGNALS:
    void removeAsked();

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    QLabel* m_letter;
    ExpressionEdit* m_edit;
    QToolButton* m_remove;
    QLabel* m_problem;
};

} // namespace widgets
