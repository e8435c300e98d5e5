import { arAccounts } from './accounts/ar.ts'
import { arAudit } from './audit/ar.ts'
import { arBulk } from './bulk/ar.ts'
import { arCapture } from './capture/ar.ts'
import { arClients } from './clients/ar.ts'
import { arComparison } from './comparison/ar.ts'
import type { Catalogue } from './en.ts'
import { arEnrol } from './enrol/ar.ts'
import { arHealth } from './health/ar.ts'
import { arIntake } from './intake/ar.ts'
import { arModels } from './models/ar.ts'
import { arRights } from './rights/ar.ts'
import { arSettings } from './settings/ar.ts'
import { arSetUp } from './setup/ar.ts'
import { arSubjects } from './subjects/ar.ts'
import { arVault } from './vault/ar.ts'

/** Every sentence of the window, in Arabic. */
export const ar: Catalogue = {
  ...arCapture,
  ...arEnrol,
  ...arIntake,
  ...arComparison,
  ...arSubjects,
  ...arRights,
  ...arBulk,
  ...arModels,
  ...arClients,
  ...arAudit,
  ...arHealth,
  ...arSettings,
  ...arSetUp,
  ...arVault,
  ...arAccounts,
  language: 'ar',
  direction: 'rtl',
  product: 'Vultus Station',
  demoMark: 'عرض تجريبي: أشخاص مرسومون، لا شيء حقيقي',
  hidden: 'محجوب',
  areas: {
    navigation: 'الأقسام',
    enrol: 'تسجيل',
    verify: 'تحقق',
    identify: 'تعرّف',
    subjects: 'الأشخاص',
    import: 'استيراد',
    vault: 'الخزنة',
    accounts: 'الحسابات',
    audit: 'السجل',
    health: 'الحالة',
    settings: 'الإعدادات',
    inbox: 'الوارد',
  },
  title: {
    vaultReal: 'الخزنة مفتوحة',
    vaultDemo: 'خزنة تجريبية',
    hide: 'حجب التفاصيل',
    show: 'إظهار التفاصيل',
    camera: {
      off: 'الكاميرا مطفأة',
      starting: 'الكاميرا تبدأ',
      ready: 'الكاميرا جاهزة',
      simulated: 'شخص مرسوم',
      trouble: 'لا توجد كاميرا',
    },
  },
  keys: {
    title: 'كل المفاتيح',
    close: 'إغلاق',
    everywhere: 'في كل مكان',
    area: 'داخل القسم',
    enrol: 'تسجيل',
    verify: 'تحقق',
    identify: 'تعرّف',
    capture: 'التقاط',
    main: 'الإجراء الرئيسي',
    back: 'رجوع',
    clear: 'مسح',
    mesh: 'خطوط الوجه',
    auto: 'التقاط تلقائي',
    movements: 'طلب حركات',
    hide: 'حجب التفاصيل',
    lock: 'قفل',
    all: 'كل المفاتيح',
    commands: 'كل الأوامر',
    search: 'بحث',
    file: 'استخدام ملف صورة',
    second: 'الإجراء الثاني',
    removeShot: 'إزالة آخر لقطة',
    choose: 'اختيار',
  },
  office: {
    loading: 'لحظة',
    again: 'اسأل مرة أخرى',
  },
  link: {
    connecting: 'الاتصال بالمحطة',
    lost: 'انقطع الاتصال بالمحطة',
    again: 'يُعاد الاتصال. لم يُفقد شيء محفوظ.',
  },
  health: {
    parts: { face: 'الجزء الذي يفحص الصور', matcher: 'الجزء الذي يبحث في المعرض' },
    restarting: '{part} تعطّل ويُعاد تشغيله. لم يُفقد شيء محفوظ.',
    failed: '{part} لا يبدأ. أعد تشغيل المحطة؛ لم يُفقد شيء محفوظ.',
  },
  refusal: { dismiss: 'إغلاق هذه الرسالة' },
}
