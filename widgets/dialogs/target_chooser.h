// Which targets the panels show: none is the own pool, several are compared.
#pragma once

#include <QDialog>
#include <QString>
#include <QStringList>

#include <vector>

class QLabel;
class QLineEdit;
class QListWidget;

namespace widgets {

class TargetScope;

// Main thread only. `scope` outlives it; each tick counts at once.
class TargetChooser final : public QDialog {
    Q_OBJECT
public:
    struct Choice {
        QString name;
        QString about; // environment and tags
    };
    TargetChooser(TargetScope& scope, const std::vector<Choice>& choices, QWidget* parent = nullptr);

private:
    void filter(const QString& needle);
    void take();
    void showCount();

    TargetScope& m_scope;
    QLineEdit* m_needle;
    QListWidget* m_list;
    QLabel* m_count;
};

} // namespace widgets
