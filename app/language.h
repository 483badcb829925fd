// The window's language, changed while it runs.
#pragma once

#include "monitor/core/lang.h"

#include <QObject>
#include <QTranslator>

namespace app {

// Main thread only. Installs our translation and Qt's own; every widget then gets QEvent::LanguageChange.
class Language final : public QObject {
    Q_OBJECT
public:
    explicit Language(QObject* parent = nullptr);
    ~Language() override;
    void apply(core::Lang lang);
    [[nodiscard]] core::Lang lang() const noexcept { return m_lang; }

private:
    core::Lang m_lang = core::Lang::English;
    QTranslator m_ours;
    QTranslator m_qts;
};

} // namespace app
