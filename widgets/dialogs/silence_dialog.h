// A silence in the making, with what it would hide now.
#pragma once

#include "monitor/metrics/silence_rows.h"
#include "widgets/alert_commands.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace widgets {

class SilenceDialog final : public QDialog {
    Q_OBJECT
public:
    using Preview = std::function<SilencePreview(const QString& matchers)>;

    // `matchers` to begin with, as amtool writes them.
    SilenceDialog(const QString& matchers, Preview preview, QWidget* parent);

Q_SIGNALS:
    void wanted(const metrics::SilenceRow& silence);

private:
    [[nodiscard]] QLineEdit* field(const QString& text);
    void showPreview();
    void send();

    const Preview m_preview;
    QLineEdit* m_matchers;
    QComboBox* m_span;
    QLineEdit* m_by;
    QLineEdit* m_comment;
    QLabel* m_caught;
    QPushButton* m_act;
    SilencePreview m_shown;
};

} // namespace widgets
