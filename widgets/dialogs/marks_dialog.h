// What happened and when, as a list: marks, gaps, one's own notes. Find, go there, rewrite, export.
#pragma once

#include "models/mark_model.h"
#include "models/sort_proxy.h"
#include "widgets/charts/mark_loader.h"

#include <QDialog>
#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace widgets {

class TableView;

// Never blocks; deletes itself. Main thread only.
class MarksDialog final : public QDialog {
    Q_OBJECT
public:
    // `diary` outlives the dialog.
    MarksDialog(metrics::Diary& diary, QWidget* parent);
    // What the charts show now, ms since the epoch: one of the spans to choose from.
    void setShown(qint64 from, qint64 to);
    // The same moving on: the list takes it up within a second or two.
    void follow(qint64 from, qint64 to);

Q_SIGNALS:
    void jumpAsked(qint64 from, qint64 to); // ms since the epoch; the same for a moment
    void noteAsked();
    void toast(const QString& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void connectAll();
    void retranslate();
    void refresh();
    void fill(const std::vector<metrics::DiaryEntry>& entries);
    void chosenChanged();
    [[nodiscard]] const metrics::DiaryEntry* chosen() const;
    void jump();
    void rewriteChosen();
    void removeChosen();

    metrics::Diary& m_diary;
    MarkLoader m_loader;
    models::MarkModel m_model;
    models::SortProxy m_order;
    QTimer m_again; // what is written shows within a second or two
    qint64 m_from = 0;
    qint64 m_to = 0;
    QLineEdit* m_needle;
    QComboBox* m_kind;
    QComboBox* m_span;
    QLabel* m_count;
    TableView* m_view;
    QPushButton* m_go;
    QPushButton* m_edit;
    QPushButton* m_remove;
    QPushButton* m_new;
    QPushButton* m_export;
};

} // namespace widgets
