import { both, type QualityWords } from './words.ts'

/** What is told of the quality of a picture, in Arabic. */
export const arQuality: QualityWords = {
  backgroundUniformity: both('خلفية بسيطة', 'استخدم خلفية بسيطة فارغة.'),
  illuminationUniformity: both('إضاءة متساوية', 'أضئ جانبي الوجه بالتساوي.'),
  luminanceMean: { name: 'السطوع', low: 'زد الإضاءة على الوجه.', high: 'خفف الإضاءة.' },
  luminanceVariance: { name: 'التباين', low: 'تجنب الضوء الخافت أو المسطح.', high: 'اجعل الضوء أنعم.' },
  underExposure: both('مناطق مظلمة', 'زد الإضاءة على الوجه.'),
  overExposure: both('وهج', 'خفف الإضاءة وتجنب الانعكاسات.'),
  dynamicRange: both('مدى الدرجات', 'حسّن الإضاءة ونظف العدسة.'),
  sharpness: both('الوضوح', 'اثبت في مكانك وتحقق من ضبط البؤرة.'),
  naturalColour: both('لون طبيعي', 'أبعد الضوء الملون واضبط توازن الأبيض.'),
  singleFace: both('شخص واحد فقط', 'شخص واحد فقط في الصورة.'),
  eyesOpen: both('العينان مفتوحتان', 'افتح عينيك وانظر أمامك.'),
  mouthClosed: both('الفم مغلق', 'أغلق فمك وأرخِ شفتيك.'),
  interEyeDistance: both('حجم الوجه', 'اقترب من الكاميرا.'),
  headSize: { name: 'البعد عن الكاميرا', low: 'اقترب من الكاميرا.', high: 'ابتعد قليلًا.' },
  leftwardCrop: both('المساحة يسارًا', 'تحرك قليلًا إلى يسارك.'),
  rightwardCrop: both('المساحة يمينًا', 'تحرك قليلًا إلى يمينك.'),
  marginAbove: both('المساحة فوق', 'اترك مساحة أكبر فوق الرأس.'),
  marginBelow: both('المساحة تحت', 'أظهر المزيد تحت الذقن.'),
  yaw: { name: 'الرأس ملتفت', low: 'أدر رأسك قليلًا إلى يسارك.', high: 'أدر رأسك قليلًا إلى يمينك.' },
  pitch: { name: 'الذقن مرفوع أو منخفض', low: 'اخفض ذقنك قليلًا.', high: 'ارفع ذقنك قليلًا.' },
  roll: { name: 'الرأس مائل', low: 'أمل رأسك إلى يمينك.', high: 'أمل رأسك إلى يسارك.' },
}
