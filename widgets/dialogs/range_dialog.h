// From when to when: typed in, in the zone the window shows.
#pragma once

#include <QDateTimeEdit>
#include <QDialog>

class QLabel;
class QPushButton;

namespace widgets {

// Never blocks; deletes itself.
class RangeDialog final : public QDialog {
    Q_OBJECT
public:
    // What it begins with; ms since the epoch.
    RangeDialog(qint64 from, qint64 to, QWidget* parent);

Q_SIGNALS:
    void chosen(qint64 from, qint64 to);

private:
    QDateTimeEdit* field(qint64 at);
    [[nodiscard]] qint64 timeOf(const QDateTimeEdit* field) const;
    void judge();

    QDateTimeEdit* m_from;
    QDateTimeEdit* m_to;
    QLabel* m_problem;
    QPushButton* m_show;
};

} // namespace widgets
