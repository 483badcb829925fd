// The settings of a target: its name and where it belongs, how often it is asked, and how to log in.
#pragma once

#include "monitor/metrics/target_rows.h"
#include "widgets/target_commands.h"

#include <QWidget>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace widgets {

class NumberSpin;

class TargetForm final : public QWidget {
    Q_OBJECT
public:
    // `others`: whose environments are offered, with their colours.
    TargetForm(const std::vector<metrics::TargetSetup>& others, metrics::SecretPlace place,
               QWidget* parent = nullptr);

    void show(const metrics::TargetSetup& setup);
    using QWidget::show;
    // What stands in the fields, over `setup`.
    [[nodiscard]] metrics::TargetSetup read(metrics::TargetSetup setup) const;
    // As it was typed; empty: as it was.
    [[nodiscard]] std::string secret() const;
    // Fills in a name that nobody typed.
    void suggestName(const QString& name);
    // What was in the address that was pasted.
    void suggestLogin(const QString& user, const QString& secret);
    // The answer was "who are you?".
    void askForLogin();
    // A secret of before is for `place`, which is not where the target is now: it is to be typed again. Empty:
    // it is for this one.
    void keptFor(const QString& place);
    // Where the secret is kept for, when it is asked for again and was not typed.
    [[nodiscard]] QString missingLogin() const;

Q_SIGNALS:
    void edited();

private:
    enum class Login { None, Basic, Bearer };
    void buildIdentity(QFormLayout& form);
    void buildTimes(QFormLayout& form);
    void buildLogin(QFormLayout& form);
    void chooseColor();
    void showColor();
    void showEnvironment();
    void showLogin();
    void browse();
    [[nodiscard]] QString placeText(const std::string& reference) const;

    const std::vector<metrics::TargetSetup> m_others;
    const metrics::SecretPlace m_place;
    QString m_color;
    bool m_kept = false; // a secret of before
    QString m_keptText;  // where it lies
    QString m_keptFor;
    QLineEdit* m_name = nullptr;
    QComboBox* m_environment = nullptr;
    QPushButton* m_colorButton = nullptr;
    QLineEdit* m_tags = nullptr;
    NumberSpin* m_interval = nullptr;
    NumberSpin* m_timeout = nullptr;
    QComboBox* m_login = nullptr;
    QLineEdit* m_user = nullptr;
    QLineEdit* m_secret = nullptr;
    QLabel* m_note = nullptr;
    QLineEdit* m_ca = nullptr;
};

} // namespace widgets
