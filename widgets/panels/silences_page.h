// Silences: what they hide, until when; made, ended, imported and exported here.
#pragma once

#include "models/silence_model.h"
#include "models/sort_proxy.h"
#include "widgets/alert_commands.h"
#include "widgets/table_view.h"

#include <QWidget>

class QPushButton;

namespace widgets {

class SilencesPage final : public QWidget {
    Q_OBJECT
public:
    // `commands` may be null; it outlives the page.
    explicit SilencesPage(const AlertCommands* commands, QWidget* parent = nullptr);
    void refresh();
    [[nodiscard]] int active() const;
    // Asks for a new one, beginning with these matchers.
    void ask(const QString& matchers);

Q_SIGNALS:
    void notice(const QString& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    void endChosen();
    void importFile();
    void exportFile();
    void retranslate();

    const AlertCommands* m_commands;
    models::SilenceModel m_model;
    models::SortProxy m_order;
    TableView* m_view;
    QPushButton* m_new;
    QPushButton* m_end;
    QPushButton* m_import;
    QPushButton* m_export;
};

} // namespace widgets
