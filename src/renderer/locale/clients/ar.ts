import type { enClients } from './en.ts'

/** Programs that have a key, in Arabic. */
export const arClients: typeof enClients = {
  clients: {
    title: 'البرامج',
    subtitle: 'البرامج التي تستخدم واجهة هذه المحطة، ولكل منها مفتاح خاص بما يُسمح له به.',
    none: 'لا يملك أي برنامج مفتاحًا.',
    add: 'إضافة برنامج',
    name: 'اسم البرنامج',
    may: 'يُسمح له',
    make: 'إنشاء مفتاح',
    permissions: {
      pictures: 'إيجاد الوجوه وإنشاء قوالب من الصور',
      compare: 'مقارنة القوالب بعضها ببعض',
      templates: 'حفظ القوالب المخزنة وقراءتها والبحث فيها',
      enrol: 'التسجيل',
      verify: 'التحقق',
      identify: 'تحديد الهوية',
      subjects: 'قراءة من هم مسجلون',
    },
    given: 'مفتاح {name}',
    givenText: 'احفظه في البرنامج الآن: يُعرض مرة واحدة ولا يُحفظ في أي مكان. يرسله البرنامج كرمز من نوع bearer.',
    copy: 'نسخ',
    copied: 'نُسخ',
    stored: 'تم حفظه',
    neverUsed: 'لم يُستخدم قط',
    lastUsed: 'آخر استخدام {time}',
    revoke: 'سحب المفتاح',
    revokeSure: 'سحبه نهائيًا؟ سيُرفض {name} من الآن.',
    revoked: 'سُحب {time}',
  },
}
